package chat

import (
	"context"
	"time"

	"baraji/internal/conversation"
	"baraji/internal/inbox"
	"baraji/internal/kit/db"
	"baraji/internal/kit/problem"
	"baraji/internal/kit/secret"
	"baraji/internal/team"
)

// MaxFile is the size of one file of a visitor, in bytes.
const MaxFile = 10 << 20

// Upload notes a file that a visitor is going to write about. It is his who has the
// same token, or proof, when the message comes.
func (c *Chat) Upload(ctx context.Context, tx *db.Tx, who Caller, u conversation.Upload) (conversation.Upload, error) {
	ctx = AsVisitor(ctx)
	in, owner, err := c.owner(ctx, tx, who)
	if err != nil {
		return u, err
	}
	s, err := SettingsOf(ctx, tx, in.ID)
	if err != nil {
		return u, err
	}
	if s.Proven && who.Proof == "" {
		return u, errIdentity
	}
	return conversation.AddUploadFrom(ctx, tx, owner, u)
}

// MayUpload says whether a caller may hand in files, before one is read.
func (c *Chat) MayUpload(ctx context.Context, tx *db.Tx, who Caller) error {
	_, _, err := c.owner(AsVisitor(ctx), tx, who)
	return err
}

// owner is whose the files of a caller are: also of one who has written nothing yet.
func (c *Chat) owner(ctx context.Context, tx *db.Tx, who Caller) (inbox.Inbox, string, error) {
	in, err := open(ctx, tx, who.Key)
	if err != nil {
		return in, "", err
	}
	if who.Proof != "" {
		is, err := c.identity(ctx, tx, in.ID, who.Proof)
		return in, "chat/" + in.ID.String() + "/proven/" + secret.Hash(is.ID), err
	}
	if !own.MatchString(who.Token) {
		return in, "", ErrStranger
	}
	return in, "chat/" + in.ID.String() + "/" + secret.Hash(who.Token), nil
}

func (c *Chat) take(ctx context.Context, tx *db.Tx, in inbox.Inbox, who Caller, ids []conversation.UploadID) ([]conversation.Attachment, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	_, owner, err := c.owner(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	return conversation.TakeUploadsFrom(ctx, tx, owner, ids)
}

// linkLife is how long the address of a file that a browser was given is good.
const linkLife = 24 * time.Hour

// FileToken opens one file for one visitor, for a day.
func (c *Chat) FileToken(v Visitor, id conversation.AttachmentID, now time.Time) string {
	return c.keys.Link("chat-file", v.ID.String()+"/"+id.String(), now.Add(linkLife))
}

// errNoFile is the same for what is not there and for what is not his.
var errNoFile = problem.New(problem.NotFound, "There is no such file.")

// File is a file of what a visitor may see, for whoever has its address (FileToken).
func (c *Chat) File(ctx context.Context, tx *db.Tx, key string, id conversation.AttachmentID, visitor VisitorID, token string) (conversation.Attachment, error) {
	if c.keys.CheckLink("chat-file", visitor.String()+"/"+id.String(), token, tx.Now()) != nil {
		return conversation.Attachment{}, errNoFile
	}
	in, err := open(ctx, tx, key)
	if err != nil {
		return conversation.Attachment{}, errNoFile
	}
	f, err := conversation.GetAttachment(team.AsSystem(ctx), tx, id)
	if err != nil {
		return f, err
	}
	his, err := db.Exists(ctx, tx, `SELECT 1 FROM (SELECT message_id AS id, client_id FROM chat_line WHERE visitor_id = $1 `+byMail+`) x
		WHERE x.id = $2 AND EXISTS (SELECT 1 FROM chat_visitor o WHERE o.id = $1 AND o.inbox_id = $3)`, visitor, f.Message, in.ID)
	if err == nil && !his {
		err = errNoFile
	}
	return f, err
}
