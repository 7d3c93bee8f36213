package api

import (
	"context"
	"net/http"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/id"
	"baraji/internal/kit/problem"
	"baraji/internal/team"
)

func fields(rt *routes) {
	get(rt, "/fields", "List the own fields of conversations, customers and companies", listFields)
	post(rt, "/fields", "Define an own field", defineField, status(http.StatusCreated))
	patch(rt, "/fields/{id}", "Change labels, choices and place of an own field", changeField)
	remove(rt, "/fields/{id}", "Take an own field away, with every value", removeField)
}

// Field is an own field.
type Field struct {
	ID      string   `json:"id"`
	Of      string   `json:"of" enum:"conversation,contact,company"`
	Key     string   `json:"key" doc:"How fields and filters call it; never changes"`
	Label   Label    `json:"label"`
	Type    string   `json:"type" enum:"text,number,date,choice"`
	Choices []string `json:"choices" nullable:"false"`
	Rank    int      `json:"rank" doc:"Its place"`
}

// Label is what people read.
type Label struct {
	Korean  string `json:"ko" required:"false" maxLength:"100"`
	English string `json:"en" required:"false" maxLength:"100"`
}

func showField(f contact.Field) Field {
	return Field{f.ID.String(), string(f.Holder), f.Key, Label{f.Korean, f.English}, string(f.Type), list(f.Choices), f.Rank}
}

func showTalkField(f conversation.Field) Field {
	return Field{f.ID.String(), "conversation", f.Key, Label{f.Korean, f.English}, f.Type, list(f.Choices), f.Rank}
}

// fieldQuery says whose fields.
type fieldQuery struct {
	Of string `query:"of" enum:"conversation,contact,company" doc:"All unless said"`
}

func listFields(ctx context.Context, tx *db.Tx, in *fieldQuery) (page[Field], error) {
	out := page[Field]{Items: []Field{}}
	l, err := everyField(ctx, tx)
	for _, f := range l {
		if in.Of == "" || in.Of == f.Of {
			out.Items = append(out.Items, f)
		}
	}
	return out, err
}

func everyField(ctx context.Context, tx *db.Tx) (out []Field, err error) {
	talks, err := conversation.Fields(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, f := range talks {
		out = append(out, showTalkField(f))
	}
	for _, h := range []contact.Holder{contact.OfContact, contact.OfCompany} {
		l, err := contact.Fields(ctx, tx, h)
		if err != nil {
			return nil, err
		}
		for _, f := range l {
			out = append(out, showField(f))
		}
	}
	return out, nil
}

// newField defines a field.
type newField struct {
	Body struct {
		Of      string   `json:"of" enum:"conversation,contact,company"`
		Key     string   `json:"key" maxLength:"40"`
		Label   Label    `json:"label"`
		Type    string   `json:"type" enum:"text,number,date,choice"`
		Choices []string `json:"choices,omitempty" nullable:"false" maxItems:"200"`
		Rank    int      `json:"rank,omitempty" minimum:"0" maximum:"100000"`
	}
}

func defineField(ctx context.Context, tx *db.Tx, in *newField) (Field, error) {
	b := in.Body
	return Field{Of: b.Of, Key: b.Key, Label: b.Label, Type: b.Type, Choices: b.Choices, Rank: b.Rank}.define(ctx, tx)
}

// define makes the field, or changes it when it has an id.
func (f Field) define(ctx context.Context, tx *db.Tx) (Field, error) {
	if f.Of == "conversation" {
		own, err := named[conversation.FieldID]("id", f.ID)
		if err != nil {
			return f, err
		}
		d, err := conversation.DefineField(ctx, tx, conversation.Field{ID: own, Key: f.Key, English: f.Label.English, Korean: f.Label.Korean, Type: f.Type,
			Choices: f.Choices, Rank: f.Rank})
		return showTalkField(d), err
	}
	own, err := named[contact.FieldID]("id", f.ID)
	if err != nil {
		return f, err
	}
	d, err := contact.DefineField(ctx, tx, contact.Field{ID: own, Holder: contact.Holder(f.Of), Key: f.Key, English: f.Label.English, Korean: f.Label.Korean,
		Type: contact.FieldType(f.Type), Choices: f.Choices, Rank: f.Rank})
	return showField(d), err
}

// fieldAt is the field in a path, of somebody who may define fields.
func fieldAt(ctx context.Context, tx *db.Tx, s string) (Field, error) {
	if err := team.Allow(ctx, team.ManageSettings); err != nil {
		return Field{}, err
	}
	l, err := everyField(ctx, tx)
	for _, f := range l {
		if f.ID == strings.ToLower(s) {
			return f, nil
		}
	}
	if err == nil {
		err = problem.New(problem.NotFound, "This field is not there.")
	}
	return Field{}, err
}

// fieldPatch changes a field.
type fieldPatch struct {
	ID   string `path:"id"`
	Body struct {
		Label   *Label    `json:"label,omitempty"`
		Choices *[]string `json:"choices,omitempty" maxItems:"200"`
		Rank    *int      `json:"rank,omitempty" minimum:"0" maximum:"100000"`
	}
}

func changeField(ctx context.Context, tx *db.Tx, in *fieldPatch) (Field, error) {
	f, err := fieldAt(ctx, tx, in.ID)
	if err != nil {
		return Field{}, err
	}
	if in.Body.Label != nil {
		f.Label = *in.Body.Label
	}
	if in.Body.Choices != nil {
		f.Choices = *in.Body.Choices
	}
	if in.Body.Rank != nil {
		f.Rank = *in.Body.Rank
	}
	return f.define(ctx, tx)
}

func removeField(ctx context.Context, tx *db.Tx, in *one) error {
	f, err := fieldAt(ctx, tx, in.ID)
	if err != nil {
		return err
	}
	if f.Of == "conversation" {
		own, err := id.Read[conversation.FieldID](f.ID)
		if err != nil {
			return err
		}
		return conversation.RemoveField(ctx, tx, own)
	}
	own, err := id.Read[contact.FieldID](f.ID)
	if err != nil {
		return err
	}
	return contact.RemoveField(ctx, tx, own)
}
