package widget

import (
	"context"
	"net/http"

	"baraji/internal/channel/chat"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
)

// typing tells those who look at the talk that its visitor types. Nothing is written.
func (e *edge) typing(w http.ResponseWriter, r *http.Request) error {
	talk, err := e.talk(r)
	if err != nil {
		return err
	}
	e.tell(r.Context(), talk, "typing")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// talk is the conversation of whoever asks.
func (e *edge) talk(r *http.Request) (id conversation.ID, err error) {
	ctx := r.Context()
	err = e.DB.Read(ctx, func(tx *db.Tx) error {
		v, _, err := e.Chat.Find(ctx, tx, caller(r))
		if err == nil {
			id, err = e.Chat.Talk(ctx, tx, v)
		}
		return err
	})
	return id, err
}

// tell says to the pages with a talk that something happens there at this moment.
func (e *edge) tell(ctx context.Context, talk conversation.ID, kind string) {
	if talk != 0 {
		e.Tell(ctx, "conversation:"+talk.String(), kind)
	}
}

// got notes how far the browser has come, and how far its visitor has read.
func (e *edge) got(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		ID   conversation.MessageID `json:"id"`
		Read bool                   `json:"read"`
	}
	if err := read(w, r, &in); err != nil {
		return err
	}
	ctx := r.Context()
	var talk conversation.ID
	err := e.DB.Write(ctx, func(tx *db.Tx) error {
		talk = 0
		v, _, err := e.Chat.Find(ctx, tx, caller(r))
		if err != nil {
			return err
		}
		if err := chat.Got(ctx, tx, v, in.ID); err != nil || !in.Read {
			return err
		}
		if news, err := chat.HasRead(ctx, tx, v, in.ID); err != nil || !news {
			return err
		}
		talk, err = e.Chat.Talk(ctx, tx, v)
		return err
	})
	if err != nil {
		return err
	}
	e.tell(ctx, talk, "change")
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// leave ends the proof of whoever signs out.
func (e *edge) leave(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	err := e.DB.Write(ctx, func(tx *db.Tx) error { return e.Chat.Leave(ctx, tx, caller(r)) })
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}
