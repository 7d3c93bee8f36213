package api

import (
	"context"
	"net/http"

	"baraji/internal/automation"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/i18n"
	"baraji/internal/kit/problem"
	"baraji/internal/macro"
	"baraji/internal/team"
)

func macros(rt *routes) {
	get(rt, "/macros", "List the macros that whoever asks has, the most used first", listMacros)
	post(rt, "/macros", "Make a macro", makeMacro, status(http.StatusCreated))
	get(rt, "/macros/{id}", "Read a macro", getMacro)
	patch(rt, "/macros/{id}", "Change a macro", changeMacro, about("What is left out stays. Actions and files are given whole."))
	remove(rt, "/macros/{id}", "Remove a macro", removeMacro)
	post(rt, "/conversations/{id}/macros/{macro}", "Use a macro in a conversation", useMacro, about("All of it is done, with the rights of the token, or nothing."))
}

// Macro is a text to insert, files to add and actions to take, under a name.
type Macro struct {
	ID        string            `json:"id"`
	Name      string            `json:"name"`
	Shortcut  string            `json:"shortcut" doc:"What one types for it"`
	For       string            `json:"for" enum:"everyone,team,me"`
	TeamID    ref               `json:"team_id" doc:"Of for = team"`
	Text      map[string]string `json:"text" doc:"By language, with placeholders as in rules"`
	Do        []RuleAct         `json:"do" nullable:"false" doc:"See GET /rules/parts; all but answers"`
	Files     []MacroFile       `json:"files" nullable:"false"`
	Version   int               `json:"version"`
	Used      int               `json:"used" doc:"How often"`
	UsedAt    stamp             `json:"used_at"`
	CreatedAt stamp             `json:"created_at"`
	UpdatedAt stamp             `json:"updated_at"`
}

// MacroFile goes out with what is written with a macro.
type MacroFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

func showMacro(m macro.Macro) Macro {
	out := Macro{ID: m.ID.String(), Name: m.Name, Shortcut: m.Shortcut, For: string(m.For), TeamID: refOf(m.Team), Text: plainText(m.Text), Do: []RuleAct{}, Files: []MacroFile{},
		Version: m.Version, Used: m.Used, UsedAt: stamp(m.UsedAt), CreatedAt: stamp(m.CreatedAt), UpdatedAt: stamp(m.UpdatedAt)}
	for _, a := range m.Acts {
		out.Do = append(out.Do, RuleAct{a.Do, a.With})
	}
	for _, f := range m.Files {
		out.Files = append(out.Files, MacroFile{f.ID.String(), f.Name, f.Type, f.Size})
	}
	return out
}

// MacroLine is a macro in a list; its files are told by GET /macros/{id}.
type MacroLine struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Shortcut string `json:"shortcut"`
	For      string `json:"for" enum:"everyone,team,me"`
	TeamID   ref    `json:"team_id"`
	Used     int    `json:"used"`
	UsedAt   stamp  `json:"used_at"`
}

// macroQuery narrows the list.
type macroQuery struct {
	Query string `query:"q" maxLength:"200" doc:"Words in its name, its shortcut or how its text begins; also the initial consonants of a Korean name"`
}

func listMacros(ctx context.Context, tx *db.Tx, in *macroQuery) (page[MacroLine], error) {
	list, err := macro.List(ctx, tx)
	var fit []macro.Macro
	for _, m := range list {
		if m.Fits(in.Query) {
			fit = append(fit, m)
		}
	}
	return all(fit, func(m macro.Macro) MacroLine {
		return MacroLine{m.ID.String(), m.Name, m.Shortcut, string(m.For), refOf(m.Team), m.Used, stamp(m.UsedAt)}
	}), err
}

func getMacro(ctx context.Context, tx *db.Tx, in *one) (Macro, error) {
	key, err := target[macro.ID](in.ID)
	if err != nil {
		return Macro{}, err
	}
	m, err := macro.Get(ctx, tx, key)
	return showMacro(m), err
}

// MacroBody is a macro as it comes: what is left out stays. Like all that is embedded it has a name that can be seen from outside.
type MacroBody struct {
	Name     *string           `json:"name,omitempty" maxLength:"100"`
	Shortcut *string           `json:"shortcut,omitempty" maxLength:"30"`
	For      *string           `json:"for,omitempty" enum:"everyone,team,me"`
	TeamID   *string           `json:"team_id,omitempty"`
	Text     map[string]string `json:"text,omitempty"`
	Do       *[]RuleAct        `json:"do,omitempty" maxItems:"20"`
	Files    *[]string         `json:"files,omitempty" maxItems:"10" doc:"Ids of files that it has, and of new ones: see POST /attachments"`
}

// onto writes what came over what is there.
func (b MacroBody) onto(g macro.Given) (_ macro.Given, err error) {
	for _, s := range []struct{ given, to *string }{{b.Name, &g.Name}, {b.Shortcut, &g.Shortcut}, {b.For, (*string)(&g.For)}} {
		if s.given != nil {
			*s.to = *s.given
		}
	}
	if b.TeamID != nil {
		if g.Team, err = named[team.TeamID]("team_id", *b.TeamID); err != nil {
			return g, err
		}
	}
	if b.Text != nil {
		g.Text = givenText(b.Text)
	}
	if b.Do != nil {
		g.Acts = readActs(*b.Do)
	}
	if b.Files == nil {
		return g, nil
	}
	g.Keep = nil
	for _, s := range *b.Files {
		if kept, err := named[macro.FileID]("files", s); err == nil {
			g.Keep = append(g.Keep, kept)
			continue
		}
		fresh, err := named[macro.UploadID]("files", s)
		if err != nil {
			return g, err
		}
		g.Uploads = append(g.Uploads, fresh)
	}
	return g, nil
}

type newMacro struct{ Body MacroBody }

func makeMacro(ctx context.Context, tx *db.Tx, in *newMacro) (Macro, error) {
	g, err := in.Body.onto(macro.Given{For: macro.Mine})
	if err != nil {
		return Macro{}, err
	}
	key, err := macro.Make(ctx, tx, g)
	if err != nil {
		return Macro{}, err
	}
	return getMacro(ctx, tx, &one{ID: key.String()})
}

// macroChange changes what it names.
type macroChange struct {
	ID   string `path:"id"`
	Body MacroBody
}

func changeMacro(ctx context.Context, tx *db.Tx, in *macroChange) (Macro, error) {
	key, err := target[macro.ID](in.ID)
	if err != nil {
		return Macro{}, err
	}
	m, err := macro.Get(ctx, tx, key)
	if err != nil {
		return Macro{}, err
	}
	was := macro.Given{Name: m.Name, Shortcut: m.Shortcut, For: m.For, Team: m.Team, Content: m.Content}
	for _, f := range m.Files {
		was.Keep = append(was.Keep, f.ID)
	}
	g, err := in.Body.onto(was)
	if err != nil {
		return Macro{}, err
	}
	if err := macro.Change(ctx, tx, key, g); err != nil {
		return Macro{}, err
	}
	return getMacro(ctx, tx, &one{ID: in.ID})
}

func removeMacro(ctx context.Context, tx *db.Tx, in *one) error {
	key, err := target[macro.ID](in.ID)
	if err != nil {
		return err
	}
	return macro.Delete(ctx, tx, key)
}

// macroUse is a macro in a conversation.
type macroUse struct {
	ID    string `path:"id"`
	Macro string `path:"macro"`
	Body  struct {
		Write string `json:"write,omitempty" enum:",reply,note" doc:"What becomes of its text and files: an answer to the customer, a note; empty: nothing, only its actions are taken"`
	}
}

// MacroUsed is what was done.
type MacroUsed struct {
	MessageID ref      `json:"message_id" doc:"What was written"`
	Did       []string `json:"did" nullable:"false" doc:"The keys of the actions"`
}

func useMacro(ctx context.Context, tx *db.Tx, in *macroUse) (out MacroUsed, err error) {
	talk, err := target[conversation.ID](in.ID)
	if err != nil {
		return out, err
	}
	key, err := target[macro.ID](in.Macro)
	if err != nil {
		return out, err
	}
	c, err := conversation.Get(ctx, tx, talk)
	if err != nil {
		return out, err
	}
	m, err := macro.Get(ctx, tx, key)
	if err != nil {
		return out, err
	}
	if in.Body.Write != "" {
		said, err := writeMacro(ctx, tx, c, m, in.Body.Write)
		if err != nil {
			return out, err
		}
		out.MessageID = refOf(said)
	}
	out.Did = didActs(m.Acts)
	return out, macro.Use(ctx, tx, talk, []macro.Choice{m.All()})
}

func didActs(list []automation.Act) []string {
	out := []string{}
	for _, a := range list {
		out = append(out, a.Do)
	}
	return out
}

// writeMacro writes its text, with its files, in the language of the conversation.
func writeMacro(ctx context.Context, tx *db.Tx, c conversation.Conversation, m macro.Macro, as string) (conversation.MessageID, error) {
	w, err := macro.Choose(ctx, tx, m.ID, c.ID.String(), i18n.Locale(c.Language))
	if err != nil {
		return 0, err
	}
	var files []conversation.UploadID
	for _, u := range w.Uploads {
		files = append(files, u.ID)
	}
	if w.Text == "" && len(files) == 0 {
		return 0, problem.For("write", "This macro says nothing: it can only be used without writing.")
	}
	if as == "note" {
		said, err := conversation.AddNote(ctx, tx, c.ID, conversation.Remark{Text: w.Text, Files: files})
		return said.ID, err
	}
	said, err := conversation.Reply(ctx, tx, c.ID, conversation.Answer{Text: w.Text, Files: files})
	return said.ID, err
}
