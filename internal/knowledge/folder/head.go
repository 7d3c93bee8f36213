package folder

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"baraji/internal/kit/problem"

	"go.yaml.in/yaml/v3"
)

// head is what stands at the top of a file. "" and zero are what it does not say.
type head struct {
	Title, Summary     string
	Locale, Slug, Key  string
	Category, Audience string
	Segment, Issue     string
	Status, Owner      string
	Review, Updated    time.Time
	Aliases            []string
	Archived           bool
	Icon               string // of a category
	Rank               int    // of a category
}

const (
	fence   = "---\n"
	maxHead = 8 << 10 // bytes
)

// cut takes a file apart: its head, and the text under it.
func cut(text string) (top, body string, err error) {
	text = strings.TrimPrefix(strings.ReplaceAll(text, "\r\n", "\n"), "\ufeff")
	if strings.HasPrefix(text, "+++\n") {
		return "", "", problem.New(problem.Invalid, "Its head is written in TOML. Write it in YAML, between two lines of hyphens.")
	}
	if !strings.HasPrefix(text, fence) {
		return "", text, nil
	}
	lines := text[len(fence):]
	end := strings.Index("\n"+lines+"\n", "\n"+fence)
	if end < 0 || end > maxHead {
		return "", "", problem.New(problem.Invalid, "Its head has no end: a line with three hyphens is missing.")
	}
	rest := lines[end:]
	return lines[:end], strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(rest, "---"), "\n"), "\n"), nil
}

// read reads a head. It knows what Hugo, Jekyll and Docusaurus call the same things.
func read(top string) (h head, err error) {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(top), &doc); err != nil {
		return h, problem.New(problem.Invalid, "Its head is not YAML: %s", oneLine(strings.TrimPrefix(err.Error(), "yaml: ")))
	}
	if len(doc.Content) == 0 {
		return h, nil
	}
	root := doc.Content[0]
	if root.Kind != yaml.MappingNode {
		return h, problem.New(problem.Invalid, "Its head is not YAML: %s", "name: value")
	}
	hidden, said := false, false
	for i := 0; i+1 < len(root.Content); i += 2 {
		name, v := strings.ToLower(root.Content[i].Value), root.Content[i+1]
		switch name {
		case "title":
			h.Title = word(v)
		case "summary", "description", "excerpt":
			h.Summary = word(v)
		case "locale", "lang", "language":
			h.Locale = word(v)
		case "slug":
			h.Slug = word(v)
		case "translationkey", "translation_key", "translation":
			h.Key = word(v)
		case "category", "categories":
			h.Category = word(v)
		case "audience":
			h.Audience = strings.ToLower(word(v))
		case "segment":
			h.Segment = strings.ToLower(word(v))
		case "issue":
			h.Issue = strings.ToLower(word(v))
		case "status":
			h.Status = strings.ToLower(word(v))
		case "owner":
			h.Owner = word(v)
		case "review", "review_at", "review_date":
			h.Review, err = day(name, v)
		case "updated", "lastmod", "last_modified_at":
			h.Updated, err = day(name, v)
		case "aliases", "redirect_from", "redirects", "old_paths":
			h.Aliases = words(v)
		case "archived":
			h.Archived, err = truth(name, v)
		case "draft":
			hidden, err = truth(name, v)
			said = true
		case "published":
			hidden, err = truth(name, v)
			hidden, said = !hidden, true
		case "icon":
			h.Icon = word(v)
		case "weight", "rank", "order", "sidebar_position":
			h.Rank, _ = strconv.Atoi(word(v))
		}
		if err != nil {
			return h, err
		}
	}
	if h.Status == "" && said {
		h.Status = statusOf(!hidden)
	}
	return h, nil
}

const published, draft = "published", "draft"

func statusOf(seen bool) string {
	if seen {
		return published
	}
	return draft
}

// word is a value, or the first of a list.
func word(v *yaml.Node) string {
	if list := words(v); len(list) > 0 {
		return list[0]
	}
	return ""
}

func words(v *yaml.Node) (list []string) {
	switch {
	case v.Kind == yaml.SequenceNode:
		for _, one := range v.Content {
			if one.Kind == yaml.ScalarNode {
				list = append(list, oneLine(one.Value))
			}
		}
	case v.Kind == yaml.ScalarNode && v.Tag != "!!null":
		list = append(list, oneLine(v.Value))
	}
	return list
}

func truth(name string, v *yaml.Node) (bool, error) {
	switch strings.ToLower(word(v)) {
	case "true", "yes", "on":
		return true, nil
	case "false", "no", "off", "":
		return false, nil
	}
	return false, problem.New(problem.Invalid, "“%s” is %q: write true or false.", name, word(v))
}

// layouts are the ways in which times are written.
var layouts = []string{time.RFC3339, time.DateOnly, time.DateTime, "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05"}

func day(name string, v *yaml.Node) (time.Time, error) {
	text := word(v)
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range layouts {
		if at, err := time.Parse(layout, text); err == nil && at.Year() >= 1970 && at.Year() < 2200 {
			return at.UTC(), nil
		}
	}
	return time.Time{}, problem.New(problem.Invalid, "“%s” is %q: write a day like 2026-12-31.", name, text)
}

// write is the head as it stands in a file, with its fences.
func (h head) write() (string, error) {
	root := yaml.Node{Kind: yaml.MappingNode}
	add := func(name string, v *yaml.Node) {
		root.Content = append(root.Content, scalar(name), v)
	}
	say := func(name, value string) {
		if value != "" {
			add(name, scalar(value))
		}
	}
	plain := func(name, value string) { add(name, &yaml.Node{Kind: yaml.ScalarNode, Value: value}) }
	say("title", h.Title)
	say("description", h.Summary)
	say("locale", h.Locale)
	say("slug", h.Slug)
	say("translationKey", h.Key)
	say("category", h.Category)
	say("audience", h.Audience)
	say("segment", h.Segment)
	say("issue", h.Issue)
	say("status", h.Status)
	if h.Status != "" && (h.Status != published || h.Audience != "public" || h.Archived) {
		plain("draft", "true")
	}
	say("owner", h.Owner)
	if !h.Review.IsZero() {
		plain("review", h.Review.Format(reviewLayout(h.Review)))
	}
	if len(h.Aliases) > 0 {
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for _, a := range h.Aliases {
			list.Content = append(list.Content, scalar(a))
		}
		add("aliases", list)
	}
	if h.Archived {
		plain("archived", "true")
	}
	say("icon", h.Icon)
	if h.Rank != 0 {
		plain("weight", strconv.Itoa(h.Rank))
	}
	if !h.Updated.IsZero() {
		plain("updated", h.Updated.Format(instant))
	}
	text, err := yaml.Marshal(&root)
	if err != nil {
		return "", fmt.Errorf("write the head of an article: %w", err)
	}
	return fence + string(text) + fence, nil
}

const instant = "2006-01-02T15:04:05.000Z07:00"

// reviewLayout is a day if it begins in UTC, else the whole time: nothing is lost to somebody's time zone.
func reviewLayout(at time.Time) string {
	if at.Truncate(24 * time.Hour).Equal(at) {
		return time.DateOnly
	}
	return instant
}

func scalar(s string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(s)
	return n
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// told is the sentence for people in an error, or nothing if it is not for people.
func told(err error) *problem.Error {
	var e *problem.Error
	errors.As(err, &e)
	return e
}
