package email

import (
	"fmt"

	"github.com/emersion/go-imap/v2"
)

// takeAway removes mail from the server, where the inbox says so: only what has
// been committed here. What a crash leaves behind stays there; it is not read
// again.
func (w *watcher) takeAway(uids imap.UIDSet) error {
	if !w.account.DeleteAfter || len(uids) == 0 {
		return nil
	}
	gone := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := w.client.Store(uids, gone, nil).Close(); err != nil {
		return fmt.Errorf("mark mail as deleted: %w", err)
	}
	if w.client.Caps().Has(imap.CapUIDPlus) { // only ours: another program may have marked others
		if err := w.client.UIDExpunge(uids).Close(); err != nil {
			return fmt.Errorf("remove mail: %w", err)
		}
	}
	return nil // without UIDPLUS they stay marked: EXPUNGE would take others' marks along
}
