package form

import (
	"context"
	"slices"
	"strings"

	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
)

// Own is an own field of the firm that an answer can fill.
type Own struct {
	As      string // how a question says that it fills it: "contact:color"
	Label   Text
	Kind    Kind
	Choices []string
}

// Owns are the own fields of conversations, of customers and of companies, in this order.
func Owns(ctx context.Context, tx *db.Tx) (list []Own, err error) {
	talks, err := conversation.Fields(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, f := range talks {
		list = append(list, own(AsField+f.Key, f.Korean, f.English, f.Type, f.Choices))
	}
	for _, of := range []struct {
		as     string
		holder contact.Holder
	}{{AsContact, contact.OfContact}, {AsCompany, contact.OfCompany}} {
		fields, err := contact.Fields(ctx, tx, of.holder)
		if err != nil {
			return nil, err
		}
		for _, f := range fields {
			list = append(list, own(of.as+f.Key, f.Korean, f.English, string(f.Type), f.Choices))
		}
	}
	return list, nil
}

func own(as, ko, en, holds string, choices []string) Own {
	kind := map[string]Kind{"number": Number, "date": Date, "choice": Choice}[holds]
	if kind == "" {
		kind = Line
	}
	return Own{as, Text{i18n.Korean: ko, i18n.English: en}, kind, choices}
}

// Ask is a question for it.
func (o Own) Ask(key string) Field {
	f := Field{Key: key, Label: o.Label, As: o.As}
	o.Shape(&f)
	return f
}

// Shape makes a question fit: it asks for what the own field holds. What its choices are called stays as it was written.
func (o Own) Shape(f *Field) {
	if f.Kind == Hidden || o.Kind == Line && slices.Contains([]Kind{Line, Email, Phone}, f.Kind) {
		return
	}
	called := f.Choices
	f.Kind, f.Choices = o.Kind, nil
	for i, value := range o.Choices {
		label := Text{i18n.Korean: value, i18n.English: value}
		if len(called) == len(o.Choices) {
			label = called[i].Label
		}
		f.Choices = append(f.Choices, Option{value, label})
	}
}

// fills says what an own field belongs to and its key; false when an answer fills none.
func (f Field) fills() (of, key string, ok bool) {
	for _, of := range []string{AsField, AsContact, AsCompany} {
		if key, ok := strings.CutPrefix(f.As, of); ok {
			return of, key, true
		}
	}
	return "", "", false
}
