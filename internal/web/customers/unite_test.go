package customers_test

import (
	"context"
	"testing"

	"baraji/internal/contact"
	"baraji/internal/kit/db"
	"baraji/internal/team"
	"baraji/test/rig/house"
)

// Two companies that are one become one on the page, and two again.
func TestUnitingCompanies(t *testing.T) {
	house.Each(t, func(t *testing.T, h *house.House) {
		h.Furnish()
		var one, two contact.Company
		h.Mina.Do(func(ctx context.Context, tx *db.Tx) (err error) {
			if one, err = contact.CreateCompany(ctx, tx, contact.Company{Name: "솔잎 주식회사", Tier: "gold", Domains: []string{"solip.example"}}); err != nil {
				return err
			}
			if two, err = contact.CreateCompany(ctx, tx, contact.Company{Name: "솔잎 부산", Industry: "Retail", Domains: []string{"busan.example"}}); err != nil {
				return err
			}
			for _, address := range []string{"a@busan.example", "b@busan.example", "c@solip.example"} {
				if _, _, err := contact.Resolve(ctx, tx, contact.Sender{Email: address, Name: address[:1] + " person"}); err != nil {
					return err
				}
			}
			return nil
		})
		first, second := "/companies/"+one.ID.String(), "/companies/"+two.ID.String()
		h.Mina.Get(first).Is(200).Says("Merge with another company").Hides("Merged into this one")
		h.Mina.Get(first + "/merge").Is(200).Says("솔잎 부산").Hides("?other=" + one.ID.String())
		h.Mina.Get(first + "/merge?q=nothing").Is(200).Says("Try another name or domain.")
		h.Mina.Get(first + "/merge?other=" + one.ID.String()).Is(422)
		preview := h.Mina.Get(first+"/merge?other="+two.ID.String()).Is(200).Says("busan.example", "solip.example", "Which one stays")
		if got := preview.Find(`value="(\w+)"[^>]*\schecked`); got != two.ID.String() {
			t.Errorf("proposed to stay is %s, not the one with more people", got)
		}
		h.Mina.Post(first+"/merge", "other", two.ID.String(), "keep", one.ID.String()).Leads(first)
		h.Mina.Get(first).Is(200).Says("a person", "b person", "c person", "Retail", "gold", "Merged into this one", "솔잎 부산")
		h.Mina.Get(second).Is(200).Says("솔잎 주식회사", "a person") // the old link
		h.Mina.Get("/companies").Is(200).Says("솔잎 주식회사").Hides("솔잎 부산")
		undo := h.Mina.Get(first).Find(`action="(/companies/\w+/unmerge/\w+)"`)
		h.As("ida", team.Light).Post(undo).Is(403)
		h.Mina.Post(undo).Leads(first)
		h.Mina.Get(first).Is(200).Says("c person").Hides("a person", "Retail", "Merged into this one")
		h.Mina.Get(second).Is(200).Says("솔잎 부산", "a person", "b person", "Retail")
	})
}
