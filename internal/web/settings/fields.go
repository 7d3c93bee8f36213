package settings

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
	"baraji/internal/web/desk"
	"baraji/internal/web/ui"
)

func (a area) fieldRoutes(rt *desk.Routes) {
	rt.Page("GET /settings/fields", team.ManageSettings, a.fields)
	rt.Page("GET /settings/fields/{holder}/new", team.ManageSettings, a.field)
	rt.Page("POST /settings/fields/{holder}/new", team.ManageSettings, a.saveField)
	rt.Page("GET /settings/fields/{holder}/{id}", team.ManageSettings, a.field)
	rt.Page("POST /settings/fields/{holder}/{id}", team.ManageSettings, a.saveField)
	rt.Page("POST /settings/fields/{holder}/{id}/delete", team.ManageSettings, a.deleteField)
}

// ownField is a field of whatever has one.
type ownField struct {
	ID                                       string // "" is a new one
	Holder, Key, English, Korean, Type, Rank string
	Choices                                  []string
	Trouble                                  ui.Trouble
}

const ofConversation = "conversation"

func holders() []string {
	return []string{ofConversation, string(contact.OfContact), string(contact.OfCompany)}
}

// ownFields lists the fields of one kind of holder.
func ownFields(ctx context.Context, tx *db.Tx, holder string) (list []ownField, err error) {
	switch holder {
	case ofConversation:
		all, err := conversation.Fields(ctx, tx)
		for _, f := range all {
			list = append(list, ownField{f.ID.String(), holder, f.Key, f.English, f.Korean, f.Type, strconv.Itoa(f.Rank), f.Choices, ui.Trouble{}})
		}
		return list, err
	case string(contact.OfContact), string(contact.OfCompany):
		all, err := contact.Fields(ctx, tx, contact.Holder(holder))
		for _, f := range all {
			list = append(list, ownField{f.ID.String(), holder, f.Key, f.English, f.Korean, string(f.Type), strconv.Itoa(f.Rank), f.Choices, ui.Trouble{}})
		}
		return list, err
	}
	return nil, problem.New(problem.NotFound, "This field is not there.")
}

func (a area) fields(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	all := map[string][]ownField{}
	err := a.DB.Read(ctx, func(tx *db.Tx) (err error) {
		for _, h := range holders() {
			if all[h], err = ownFields(ctx, tx, h); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, fieldsPage(all))
	return nil
}

func (a area) loadField(r *http.Request) (f ownField, err error) {
	holder, key := r.PathValue("holder"), r.PathValue("id")
	err = a.DB.Read(r.Context(), func(tx *db.Tx) error {
		list, err := ownFields(r.Context(), tx, holder)
		if err != nil {
			return err
		}
		f = ownField{Holder: holder, Type: "text", Rank: strconv.Itoa(len(list) + 1)}
		for _, one := range list {
			if one.ID == key {
				f = one
			}
		}
		if f.ID == "" && key != "" {
			return problem.New(problem.NotFound, "This field is not there.")
		}
		return nil
	})
	return f, err
}

func (a area) field(w http.ResponseWriter, r *http.Request) error {
	f, err := a.loadField(r)
	if err != nil {
		return err
	}
	ui.Render(w, r, http.StatusOK, fieldPage(f))
	return nil
}

func (a area) saveField(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := a.loadField(r)
	if err != nil {
		return err
	}
	f.English, f.Korean, f.Rank = r.FormValue("label_en"), r.FormValue("label_ko"), r.FormValue("rank")
	f.Choices = strings.Split(strings.ReplaceAll(r.FormValue("choices"), "\r", ""), "\n")
	if f.ID == "" {
		f.Key, f.Type = r.FormValue("key"), r.FormValue("type")
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error { return f.store(ctx, tx) })
	if err == nil {
		return done(w, r, "/settings/fields", "saved")
	}
	if f.Trouble, err = ui.TroubleOf(w, r, err); err != nil {
		return err
	}
	ui.Render(w, r, f.Trouble.Status, fieldPage(f))
	return nil
}

func (f ownField) store(ctx context.Context, tx *db.Tx) error {
	rank, err := strconv.Atoi(f.Rank)
	if err != nil || rank < 0 || rank > 10000 {
		return problem.For("rank", "Enter a number.")
	}
	if f.Holder == ofConversation {
		key, _ := id.Read[conversation.FieldID](f.ID)
		_, err = conversation.DefineField(ctx, tx, conversation.Field{ID: key, Key: f.Key, English: f.English, Korean: f.Korean, Type: f.Type, Choices: f.Choices, Rank: rank})
		return err
	}
	key, _ := id.Read[contact.FieldID](f.ID)
	_, err = contact.DefineField(ctx, tx, contact.Field{ID: key, Holder: contact.Holder(f.Holder), Key: f.Key, English: f.English, Korean: f.Korean,
		Type: contact.FieldType(f.Type), Choices: f.Choices, Rank: rank})
	return err
}

func (a area) deleteField(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	f, err := a.loadField(r)
	if err != nil {
		return err
	}
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		if f.Holder == ofConversation {
			key, _ := id.Read[conversation.FieldID](f.ID)
			return conversation.RemoveField(ctx, tx, key)
		}
		key, _ := id.Read[contact.FieldID](f.ID)
		return contact.RemoveField(ctx, tx, key)
	})
	if err != nil {
		return err
	}
	return done(w, r, "/settings/fields", "field_deleted", "name", f.Key)
}
