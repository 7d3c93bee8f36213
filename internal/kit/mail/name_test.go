package mail

import (
	"fmt"
	"mime"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSafeName(t *testing.T) {
	for given, want := range map[string]string{
		"견적서 2026.pdf": "견적서 2026.pdf", "../../etc/passwd": "passwd", `C:\Windows\system32\cmd.exe`: "cmd.exe", ".htaccess": "htaccess", ".\u200bhtaccess": "htaccess", "\u200b.htaccess": "htaccess",
		"a\x00b.txt": "ab.txt", "CON": "_CON", "con.txt": "_con.txt", "COM¹.txt": "_COM¹.txt", "file.txt. . ": "file.txt", "": "file", "...": "file", "/": "file", "invoice\u202egpj.exe": "invoicegpj.exe",
		"a:b|c?.txt": "a_b_c_.txt", "x／y.txt": "y.txt", "~root": "root", "-rf": "rf", "shell.php\u00ad": "shell.php", "e\u0301.txt": "é.txt", "a\u3000b.txt": "a b.txt", "report.pdf.exe": "report.pdf.exe", "ㅤ": "file",
	} {
		if got := SafeName(given); got != want {
			t.Errorf("SafeName(%q) = %q, want %q", given, got, want)
		}
	}
}

// strangeNames is T44: 400 names and more.
func strangeNames() []string {
	stems := []string{"a", "견적서", "..", "../../x", `..\..\x`, "/etc/passwd", "C:", `\\server\share\x`, "CON", "nul", "LPT9", "COM0", ".bashrc", ".\u200bhtaccess", "\u202Egpj", "a\x00b", "a\nb", "a\r\nX: y", "%2e%2e%2f", "..%c0%af",
		"\xff\xfe", strings.Repeat("가", 300), strings.Repeat("a", 300), "a'b", `a"b`, "a;b", "=?utf-8?B?Li4vLi4veA==?=", "utf-8''%2e%2e%2fx", "  ", "~", "-rf", "＼＼x", "．．／x", "a\u2044b", "\ufeffa", "👨‍👩‍👧", "a\u0301\u0301", "İ", "ß", "ﬁ"}
	ends := []string{"", ".", "..", " ", ".txt", ".TXT ", ".pdf.exe", ".php\u200b", ".tar.gz", "::$DATA", "/", `\`}
	var all []string
	for _, s := range stems {
		for _, e := range ends {
			all = append(all, s+e)
		}
	}
	return all
}

func TestStrangeNamesAreSafe(t *testing.T) {
	names := strangeNames()
	if len(names) < 400 {
		t.Fatalf("only %d names", len(names))
	}
	for _, name := range names {
		if err := safe(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	t.Logf("T44: %d names, read back by mime and by our own parser", len(names))
}

func safe(name string) error {
	got := SafeName(name)
	switch {
	case got == "" || len(got) > 200 || !utf8.ValidString(got):
		return fmt.Errorf("%q is empty, long or not UTF-8", got)
	case strings.ContainsAny(got, "/\\:*?\"<>|\x00\r\n") || hidden(got):
		return fmt.Errorf("%q has characters that it must not have", got)
	case strings.HasPrefix(got, ".") || strings.HasSuffix(got, ".") || strings.HasSuffix(got, " ") || strings.HasPrefix(got, " "):
		return fmt.Errorf("%q has dots or spaces at its ends", got)
	case reserved(got):
		return fmt.Errorf("%q is a device", got)
	case SafeName(got) != got:
		return fmt.Errorf("%q becomes %q the second time", got, SafeName(got))
	case filepath.Dir(filepath.Join("/store", got)) != "/store":
		return fmt.Errorf("%q leaves its folder", got)
	}
	if strings.TrimSpace(name) == "" {
		return nil
	}
	header := Disposition("attachment", name)
	kind, params, err := mime.ParseMediaType(header)
	if err != nil || kind != "attachment" || params["filename"] != got {
		return fmt.Errorf("mime reads %q from %q (%v), want %q", params["filename"], header, err, got)
	}
	if own := parseMedia(header).params["filename"]; own != got {
		return fmt.Errorf("we read %q from %q, want %q", own, header, got)
	}
	return nil
}
