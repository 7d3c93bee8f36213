package email

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"baraji/internal/conversation"
	"baraji/internal/kit/blob"
	"baraji/internal/kit/mail"
)

// keepFiles puts the mail's files into the blob store.
func (m *Mail) keepFiles(ctx context.Context, o *opened) error {
	for _, p := range o.mail.Attachments {
		f, err := m.blobs.Put(ctx, bytes.NewReader(p.Data))
		if err != nil {
			return fmt.Errorf("store file: %w", err)
		}
		o.files = append(o.files, conversation.Attachment{Name: shownName(p), Type: p.Type, Size: f.Size, Blob: string(f.Key),
			Inline: p.Inline, ContentID: p.ContentID})
	}
	return nil
}

// dropFiles removes files that no message has; what stays behind is swept later.
func (m *Mail) dropFiles(ctx context.Context, files []conversation.Attachment) {
	for _, f := range files {
		if err := m.blobs.Delete(ctx, blob.Key(f.Blob)); err != nil {
			m.log.Warn("file not removed", "file", f.Blob, "error", err)
		}
	}
}

func shownName(p mail.Part) string {
	if p.Name != "" {
		return p.Name
	}
	_, kind, _ := strings.Cut(p.Type, "/")
	return "file." + strings.TrimPrefix(kind, "x-")
}
