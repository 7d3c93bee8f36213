package browser

import (
	"context"
	"strings"
	"testing"
	"time"

	"baraji/internal/app"
	"baraji/internal/contact"
	"baraji/internal/conversation"
	"baraji/internal/kit/db"
	"baraji/internal/kit/db/dbtest"
	"baraji/internal/slack"
	"baraji/internal/team"
	"baraji/test/rig"
	"baraji/test/rig/browser"
	"baraji/test/rig/house"
	"baraji/test/rig/slackdouble"
)

// slackHouse is a shop beside a workspace that it may connect with.
func slackHouse(t *testing.T) (*house.House, *slackdouble.Double) {
	t.Helper()
	d := dbtest.New(t, db.SQLite)
	there := slackdouble.New(time.Now)
	t.Cleanup(there.Close)
	there.Name = "달빛상점"
	there.AddChannel("C0HELP", "고객-문의", false, true)
	there.AddChannel("C0CALLS", "당직-호출", false, false)
	there.AddChannel("C0OLD", "shop-2024", false, true)
	h := house.Open(t, d.Clock, app.Config{Database: d.URL, Now: d.Clock.Now, AllowPrivate: "127.0.0.0/8", Slack: there.API()}).Furnish()
	h.Hire("문가온", team.Agent)
	h.Hire("이도윤", team.Agent)
	h.Must(func(tx *db.Tx) error {
		people, err := team.People(h.System(), tx, team.Filter{})
		for i, p := range people[:2] {
			there.AddUser(slackdouble.User{ID: "U0" + string(rune('A'+i)), Name: p.Name, Email: p.Email})
		}
		return err
	})
	return h, there
}

// inSlack is a shop that is connected with its workspace, and has said something there.
func inSlack(t *testing.T) *house.House {
	t.Helper()
	h, there := slackHouse(t)
	g := slack.Given{Token: there.Token, Signing: there.Signing, Options: slack.Options{Customers: true}}
	h.Mina.Do(func(ctx context.Context, tx *db.Tx) error {
		f, err := h.Slack.Probe(ctx, &g)
		if err == nil {
			err = h.Slack.Connect(ctx, tx, g, f)
		}
		return err
	})
	h.Run()
	there.Change(func(d *slackdouble.Double) { d.Channel("C0OLD").Archived = true })
	h.Must(func(tx *db.Tx) error {
		who, _, err := contact.Resolve(h.System(), tx, contact.Sender{Name: "최하늘", Email: "haneul@customer.example"})
		if err != nil {
			return err
		}
		got, err := conversation.Receive(h.System(), tx, conversation.Inbound{Inbox: h.Inbox, Contact: who, Message: conversation.Message{Subject: "전등이 깜빡여요", Text: "어제부터 그래요"}})
		for _, m := range []slack.Message{{Channel: "C0HELP", Text: "한 시간째 답을 기다려요"}, {Channel: "C0HELP", Text: "약속한 시간이 지났어요"}, {Channel: "C0OLD", Text: "한 시간째 답을 기다려요"}} {
			if err != nil {
				return err
			}
			m.Conversation, m.Contact = got.Conversation, who.ID
			_, err = slack.Tell(h.System(), tx, m)
		}
		return err
	})
	h.Run()
	return h
}

// Somebody at a screen connects Slack: a wrong token is told beside its field, the right one is never shown; people are parted, and all is ended.
func TestSlackIsConnectedInABrowser(t *testing.T) {
	rig.Need(t, "chromium")
	rig.Need(t, "axe")
	h, there := slackHouse(t)
	tab := browser.Open(t).Tab(t)
	tab.Cookie(h.URL, "baraji", h.Mina.Session())
	tab.Go(h.URL + "/settings/slack")
	tab.NoViolations()
	if link := browser.Eval[string](tab, `document.querySelector("a[href*='manifest_json']").href`); !strings.HasPrefix(link, "https://api.slack.com/apps?new_app=1&manifest_json=%7B") {
		t.Errorf("%q", link)
	}
	tab.Allow("status of 422")
	tab.Type("input[name=token]", "xoxp-wrong-one-1234567890")
	tab.Type("input[name=signing]", there.Signing)
	tab.Click(".set__foot .btn--main")
	tab.See("xoxb-")
	tab.NoViolations()
	if left := browser.Eval[string](tab, `document.querySelector("input[name=token]").value + document.querySelector("input[name=signing]").value`); left != "" {
		t.Error("what was pasted stands there again")
	}
	tab.Type("input[name=token]", there.Token)
	tab.Type("input[name=signing]", there.Signing)
	tab.Click("label[for$=customers]")
	tab.Click(".set__foot .btn--main")
	tab.Wait("#people")
	h.Run()
	tab.Go(h.URL + "/settings/slack")
	tab.See("#당직-호출")
	tab.NoViolations()
	if strings.Contains(browser.Eval[string](tab, `document.documentElement.outerHTML`), there.Token) {
		t.Error("the token stands on the page")
	}
	tab.Click("form[action$='/part'] button")
	tab.Wait("form[action$='/join'] button")
	tab.Go(h.URL + "/settings/slack") // without the message of what was done before
	tab.Click("form[action$='/test'] button")
	tab.Wait(".toast")
	tab.NoViolations()
}
