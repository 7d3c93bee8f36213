package inbox

import (
	"context"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/team"
)

// mask hides the most of the addresses in a talk from those who are shown masked
// data only. What people wrote is shown as it is.
func (t *talk) mask(ctx context.Context) {
	if !team.From(ctx).Masked {
		return
	}
	t.ContactName = maskName(t.ContactName)
	for i := range t.Entries {
		e := &t.Entries[i]
		for j := range e.States {
			e.States[j].Address, e.States[j].Answer = contact.MaskEmail(e.States[j].Address), ""
		}
		if m := e.Message; m != nil {
			m.FromName, m.FromAddress = maskName(m.FromName), contact.MaskEmail(m.FromAddress)
			m.Recipients = conversation.Recipients{To: maskAll(m.Recipients.To), Cc: maskAll(m.Recipients.Cc), Bcc: maskAll(m.Recipients.Bcc)}
			m.Source = 0 // the original holds them all
		}
	}
	t.Composer.To = conversation.Address{Name: maskName(t.Composer.To.Name), Address: contact.MaskEmail(t.Composer.To.Address)}
	t.Composer.Cc = ""
}

func maskAll(list []conversation.Address) []conversation.Address {
	out := make([]conversation.Address, len(list))
	for i, a := range list {
		out[i] = conversation.Address{Name: maskName(a.Name), Address: contact.MaskEmail(a.Address)}
	}
	return out
}

// maskName hides a name that is an address because nobody knows a better one.
func maskName(name string) string {
	if strings.Contains(name, "@") {
		return contact.MaskEmail(name)
	}
	return name
}
