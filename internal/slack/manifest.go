package slack

import (
	"encoding/json"
	"strings"
)

// Scopes are what the app has to be given, each with its use.
var Scopes = []string{
	"channels:history",      // what is written in threads; whether something was said
	"channels:join",         // public channels, without an invitation
	"channels:read",         // their names
	"chat:write",            // cards, threads
	"groups:history",        // the same for private channels to which it was invited
	"groups:read",           //
	"im:history",            // and for what one person is told
	"im:write",              //
	"metadata.message:read", // which post a message is
	"users:read",            // who writes
	"users:read.email",      // and who that is here
}

// The paths at which Slack tells something.
const (
	EventPath = "/in/slack/events"
	PressPath = "/in/slack/actions"
)

// manifest is the description of the app that the firm makes for itself.
type manifest struct {
	Display struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Colour      string `json:"background_color"`
	} `json:"display_information"`
	Features struct {
		Home struct {
			Home     bool `json:"home_tab_enabled"`
			Messages bool `json:"messages_tab_enabled"`
			ReadOnly bool `json:"messages_tab_read_only_enabled"`
		} `json:"app_home"`
		Bot struct {
			Name   string `json:"display_name"`
			Online bool   `json:"always_online"`
		} `json:"bot_user"`
	} `json:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		Events struct {
			URL string   `json:"request_url"`
			Bot []string `json:"bot_events"`
		} `json:"event_subscriptions"`
		Presses struct {
			On  bool   `json:"is_enabled"`
			URL string `json:"request_url"`
		} `json:"interactivity"`
		Org    bool `json:"org_deploy_enabled"`
		Socket bool `json:"socket_mode_enabled"`
		Rotate bool `json:"token_rotation_enabled"`
	} `json:"settings"`
}

// Manifest is what one pastes into Slack to make the app. about says what it is for, in the language of whoever makes it.
func Manifest(url, about string) string {
	var m manifest
	m.Display.Name, m.Display.Description, m.Display.Colour = "Baraji", clip(about, 140), "#1f2a37"
	m.Features.Home.Messages = true
	m.Features.Bot.Name, m.Features.Bot.Online = "Baraji", true
	m.OAuth.Scopes.Bot = Scopes
	url = strings.TrimRight(url, "/")
	m.Settings.Events.URL = url + EventPath
	m.Settings.Events.Bot = []string{"app_uninstalled", "message.channels", "message.groups", "message.im", "tokens_revoked"}
	m.Settings.Presses.On, m.Settings.Presses.URL = true, url+PressPath
	b, _ := json.MarshalIndent(m, "", "  ") // plain strings
	return string(b)
}
