package contact_test

import (
	"strings"
	"testing"

	"baraji/internal/contact"
)

func TestPhoneNumbers(t *testing.T) {
	for given, want := range map[string]string{
		"010-1234-5678": "+821012345678", "01012345678": "+821012345678", "+82 10-1234-5678": "+821012345678", "+82 (0)10 1234 5678": "+821012345678",
		"821012345678": "+821012345678", "0082 10 1234 5678": "+821012345678", "10-1234-5678": "+821012345678", "０１０－１２３４－５６７８": "+821012345678",
		"(02) 123-4567": "+8221234567", "02-1234-5678": "+82212345678", "031.123.4567": "+82311234567", "1588-1234": "+8215881234",
		"070-1234-5678": "+827012345678", "0505-123-4567": "+825051234567", "tel:+82-2-123-4567": "+8221234567", "02-123-4567 (내선 12)": "+8221234567",
		"02-123-4567 내선 12": "+8221234567", "+1 (212) 555-0123": "+12125550123", "001 212 555 0123": "+12125550123", "+81 3-1234-5678": "+81312345678",
		"+49 30 901820 ext. 12": "+4930901820", "": "", "abc": "", "12": "", "123456789012345678": "", "+": "", "0": "", "000": "", "010-1234-567a": "",
		"+0101234567": "", "+82": "", "1+1": "",
	} {
		got, ok := contact.NormalPhone(given)
		if got != want || ok != (want != "") {
			t.Errorf("%q is %q %v, not %q", given, got, ok, want)
		}
	}
}

func TestPhoneNumbersAreShownAsKoreansWriteThem(t *testing.T) {
	for normal, want := range map[string]string{
		"+821012345678": "010-1234-5678", "+8221234567": "02-123-4567", "+82212345678": "02-1234-5678", "+82311234567": "031-123-4567",
		"+8215881234": "1588-1234", "+827012345678": "070-1234-5678", "+825051234567": "0505-123-4567", "+12125550123": "+12125550123",
	} {
		if got := contact.ShownPhone(normal); got != want {
			t.Errorf("%s is shown %s, not %s", normal, got, want)
		}
	}
}

func TestEmailAddresses(t *testing.T) {
	for given, want := range map[string]string{
		"Hana@Example.COM": "hana@example.com", " hana@example.com ": "hana@example.com", "hana@example.com.": "hana@example.com",
		"hana@한국.kr": "hana@xn--3e0b707e.kr", "김하나@example.com": "김하나@example.com", "\u1100\u1175\u11b7하나@example.com": "김하나@example.com",
		"STRASSE@example.com": "strasse@example.com", "straße@example.com": "strasse@example.com", "a+b@example.com": "a+b@example.com",
		"": "", "a": "", "@example.com": "", "a@": "", "a@b": "", "a b@example.com": "", "a@b..com": "", "a@.com": "", "a@b@example.com": "", "<a@example.com>": "",
		strings.Repeat("a", 65) + "@example.com": "", "a@" + strings.Repeat("b", 300) + ".com": "", "a@exa mple.com": "", "a\n@example.com": "",
	} {
		got, ok := contact.NormalEmail(given)
		if got != want || ok != (want != "") {
			t.Errorf("%q is %q %v, not %q", given, got, ok, want)
		}
	}
}

func FuzzNormal(f *testing.F) {
	for _, s := range []string{"010-1234-5678", "+82 (0)2 123 4567", "a@b.co", "김@한국.kr", "1588-1234", "tel:+1", "0@.."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n, ok := contact.NormalPhone(s); ok {
			if again, ok := contact.NormalPhone(n); !ok || again != n {
				t.Errorf("%q is %q, which is %q", s, n, again)
			}
			if again, ok := contact.NormalPhone(contact.ShownPhone(n)); !ok || again != n {
				t.Errorf("%q is shown as %q, which is %q", n, contact.ShownPhone(n), again)
			}
			contact.MaskPhone(n)
		}
		if n, ok := contact.NormalEmail(s); ok {
			if again, ok := contact.NormalEmail(n); !ok || again != n {
				t.Errorf("%q is %q, which is %q", s, n, again)
			}
			contact.MaskEmail(n)
		}
	})
}

func TestMasks(t *testing.T) {
	for given, want := range map[string]string{"010-1234-5678": "010-****-5678", "02-123-4567": "0*-***-4567", "+12125550123": "+121****0123", "1588-1234": "****-1234"} {
		if got := contact.MaskPhone(given); got != want {
			t.Errorf("%s is masked %s, not %s", given, got, want)
		}
	}
	for given, want := range map[string]string{"hana@solip.example": "h***@solip.example", "김하나@solip.example": "김***@solip.example", "": "", "x": "x***"} {
		if got := contact.MaskEmail(given); got != want {
			t.Errorf("%s is masked %s, not %s", given, got, want)
		}
	}
}
