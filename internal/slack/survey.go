package slack

import (
	"context"
	"net/url"
	"strings"

	"baraji/internal/kit/db"
	"baraji/internal/kit/job"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

// Channel is one in which we could say something.
type Channel struct {
	ID     string // Slack's
	Name   string
	Closed bool // private
	Member bool // we are in it
}

// Channels lists those whose name holds a text, first where we are in, then by name; 0 is all. Makers of rules may know them; who works on
// conversations, the public ones.
func Channels(ctx context.Context, tx *db.Tx, text string, limit int) ([]Channel, error) {
	me := team.From(ctx)
	every := me.Can(team.ManageTokens) || me.Can(team.ManageSettings)
	if !every {
		if err := team.Allow(ctx, team.Handle); err != nil {
			return nil, err
		}
	}
	w, err := load(ctx, tx)
	if err != nil {
		return nil, err
	}
	cut := ""
	if limit > 0 {
		cut = db.Limit(limit)
	}
	like := "%" + db.Like(strings.ToLower(strings.TrimPrefix(strings.TrimSpace(text), "#"))) + "%"
	return db.All(ctx, tx, func(r db.Row) (c Channel, err error) { return c, r.Scan(&c.ID, &c.Name, &c.Closed, &c.Member) },
		`SELECT channel, name, closed, member FROM slack_channel WHERE workspace = $1 AND LOWER(name) LIKE $2 ESCAPE '\' AND (NOT closed OR $3) ORDER BY member DESC, LOWER(name), channel`+cut, w.Key, like, every)
}

// NameOf is what a channel is called; its id where we do not know it any more.
func NameOf(ctx context.Context, tx *db.Tx, channel string) (string, error) {
	names, err := db.All(ctx, tx, func(r db.Row) (n string, err error) { return n, r.Scan(&n) }, `SELECT c.name FROM slack_channel c JOIN slack s ON s.workspace = c.workspace WHERE c.channel = $1`, channel)
	if err != nil || len(names) == 0 {
		return channel, err
	}
	return "#" + names[0], nil
}

// survey is the job of reading which channels there are, and who is who.
type survey struct{}

func (survey) JobKind() string { return "slack.survey" }

// Survey has the channels and the people read anew.
func Survey(ctx context.Context, tx *db.Tx) error {
	w, err := Get(ctx, tx)
	if err != nil {
		return err
	}
	if w.ID == 0 {
		return problem.New(problem.Conflict, "Slack is not connected.")
	}
	return job.Replace(ctx, tx, survey{}, job.Options{Key: survey{}.JobKind()})
}

// survey reads both. What Slack does not answer is left for the next time; a token that is worth nothing is noted.
func (s *Slack) survey(ctx context.Context, _ *job.Run, _ survey) error {
	w, token, err := s.at(ctx)
	if err != nil || w.ID == 0 || w.Trouble != "" {
		return err
	}
	list, err := s.channels(ctx, token)
	if err == nil {
		err = s.DB.Write(ctx, func(tx *db.Tx) error { return keepChannels(ctx, tx, w, list) })
	}
	if err == nil {
		err = s.everybody(ctx, w, token)
	}
	r := refusalOf(err)
	switch {
	case r == nil:
		return err
	case r.Why == Token:
		return s.DB.Write(ctx, func(tx *db.Tx) error { return s.trouble(team.AsSystem(ctx), tx, w, r) })
	case r.Why == Rate:
		return job.Later(s.DB.Now().Add(max(r.After, minute)))
	}
	return err
}

// channels reads all that the app can see, page for page.
func (s *Slack) channels(ctx context.Context, token string) (list []Channel, err error) {
	form := url.Values{"types": {"public_channel,private_channel"}, "exclude_archived": {"true"}, "limit": {"200"}}
	for range pages {
		var out struct {
			answered
			Channels []struct {
				ID      string `json:"id"`
				Name    string `json:"name"`
				Private bool   `json:"is_private"`
				Member  bool   `json:"is_member"`
			} `json:"channels"`
		}
		if _, err := s.read(ctx, token, "conversations.list", form, &out); err != nil {
			return nil, err
		}
		for _, c := range out.Channels {
			list = append(list, Channel{c.ID, clip(c.Name, 100), c.Private, c.Member})
		}
		if out.More.Cursor == "" {
			break
		}
		form.Set("cursor", out.More.Cursor)
	}
	return list, nil
}

func keepChannels(ctx context.Context, tx *db.Tx, w Workspace, list []Channel) error {
	if _, err := tx.Exec(ctx, `DELETE FROM slack_channel WHERE workspace = $1`, w.Key); err != nil {
		return err
	}
	for _, c := range list {
		_, err := tx.Exec(ctx, `INSERT INTO slack_channel (id, workspace, channel, name, closed, member) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (workspace, channel) DO NOTHING`, tx.NewID(), w.Key, c.ID, c.Name, c.Closed, c.Member)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE slack SET listed_at = $2 WHERE id = $1`, w.ID, tx.Now())
	return err
}

// everybody looks for those who work here and were not found yet.
func (s *Slack) everybody(ctx context.Context, w Workspace, token string) error {
	var missing []team.ID
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		missing, err = db.All(ctx, tx, func(r db.Row) (id team.ID, err error) { return id, r.Scan(&id) }, `SELECT p.id FROM team_person p WHERE p.state = 'active'
			AND NOT EXISTS (SELECT 1 FROM slack_person l WHERE l.workspace = $1 AND l.person_id = p.id AND (l.off OR l.email = p.email)) ORDER BY p.id`+db.Limit(mostPeople), w.Key)
		return err
	})
	if err != nil {
		return err
	}
	for _, who := range missing {
		_, err := s.seek(ctx, w, token, who)
		if r := refusalOf(err); err != nil && (r == nil || r.Why != NoPerson) {
			return err
		}
	}
	return nil
}

// mostPeople is how many are looked for at once: Slack answers about fifty such questions a minute.
const mostPeople = 500
