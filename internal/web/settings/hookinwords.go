package settings

import (
	"context"

	"baraji/internal/hookin"
	"baraji/internal/web/ui"
)

func schemeOptions(ctx context.Context) (list []ui.Option) {
	for _, s := range hookin.Schemes {
		list = append(list, ui.Option{Value: string(s), Label: t(ctx, "hookin_scheme_"+string(s))})
	}
	return list
}

func encodingOptions() (list []ui.Option) {
	for _, e := range hookin.Encodings {
		list = append(list, ui.Option{Value: e, Label: e})
	}
	return list
}

func itemTone(s hookin.State) string {
	switch s {
	case hookin.Done:
		return "good"
	case hookin.Failed:
		return "bad"
	}
	return ""
}

// itemText is what came, as one reads it.
func itemText(i hookin.Item) string {
	if i.Form {
		return i.Raw
	}
	return pretty([]byte(i.Raw))
}

func sampleOptions(ctx context.Context, list []hookin.Item, when func(hookin.Item) string) (out []ui.Option) {
	for _, i := range list {
		out = append(out, ui.Option{Value: i.ID.String(), Label: when(i)})
	}
	return out
}

// curl is how one tries it from a shell, with the secret.
func curl(h hookin.Hook, url, secret string) string {
	switch h.Proof.Scheme {
	case hookin.Bearer:
		return "curl " + url + " -H 'Content-Type: application/json' \\\n  -H 'Authorization: Bearer " + secret + "' -d '{\"customer\": {\"email\": \"bora@example.com\"}}'"
	case hookin.Standard:
		return `BODY='{"customer": {"email": "bora@example.com"}}'; ID=msg_$RANDOM; AT=$(date +%s); KEY='` + secret + `'
SIGN=$(printf %s "$ID.$AT.$BODY" | openssl dgst -sha256 -mac HMAC -macopt hexkey:$(printf %s "${KEY#whsec_}" | base64 -d | xxd -p -c 99) -binary | base64)
curl ` + url + ` -H 'Content-Type: application/json' -H "webhook-id: $ID" -H "webhook-timestamp: $AT" -H "webhook-signature: v1,$SIGN" -d "$BODY"`
	}
	return ""
}
