package settings

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"time"

	"baraji/internal/kit/i18n"
	"baraji/internal/webhook"
)

func hookTitle(ctx context.Context, f hookForm) string {
	if f.ID == 0 {
		return t(ctx, "hook_new")
	}
	return f.Name()
}

// hookWhat is whether all or some kinds are chosen; a refused form keeps what it had.
func hookWhat(f hookForm) string {
	if len(f.Kinds) > 0 || f.Trouble.For("kinds") != "" {
		return "some"
	}
	return "all"
}

// hookHas says whether anything of an area is chosen.
func hookHas(f hookForm, area []string) bool {
	return slices.ContainsFunc(area, func(k string) bool { return slices.Contains(f.Kinds, k) })
}

// took is how long an answer took.
func took(ctx context.Context, d webhook.Delivery) string { return tookWords(ctx, d.Took) }

func tookWords(ctx context.Context, d time.Duration) string {
	return t(ctx, "hook_ms", "n", i18n.Number(ctx, d.Milliseconds()))
}

// pretty writes JSON over several lines.
func pretty(b []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, b, "", "  ") != nil {
		return string(b)
	}
	return out.String()
}

// What a receiver does, in two languages: shown where the secret is, and the same in docs/guide/webhooks.md. With the libraries of
// Standard Webhooks it is one call.
const (
	verifyJavaScript = `import { createHmac, timingSafeEqual } from "node:crypto";

// body: the bytes as they came, before anything reads them as JSON
export function verify(secret, headers, body) {
  const id = headers["webhook-id"], at = headers["webhook-timestamp"];
  if (Math.abs(Date.now() / 1000 - Number(at)) > 300) return false;
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const want = createHmac("sha256", key).update(id + "." + at + ".").update(body).digest();
  return headers["webhook-signature"].split(" ").some((s) => {
    const got = Buffer.from(s.slice(3), "base64"); // behind "v1,"
    return s.startsWith("v1,") && got.length === want.length && timingSafeEqual(got, want);
  });
}`
	verifyPython = `import base64, hashlib, hmac, time

# body: the bytes as they came, before anything reads them as JSON
def verify(secret, headers, body):
    id, at = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(at)) > 300:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{id}.{at}.".encode() + body, hashlib.sha256).digest()
    want = "v1," + base64.b64encode(mac).decode()
    return any(hmac.compare_digest(s, want) for s in headers["webhook-signature"].split(" "))`
)
