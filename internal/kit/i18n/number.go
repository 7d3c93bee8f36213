package i18n

import (
	"context"
	"math"
	"strconv"
	"strings"
)

// nbsp keeps a number and its unit on one line.
const nbsp = "\u00a0"

// Number writes a whole number in groups of three, as both languages do.
func Number(_ context.Context, n int64) string { return group(n) }

// Decimal writes f with so many digits behind the point.
func Decimal(_ context.Context, f float64, digits int) string {
	s := strconv.FormatFloat(math.Abs(f), 'f', digits, 64)
	whole, rest, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err == nil {
		whole = group(n)
	}
	if rest != "" {
		whole += "." + rest
	}
	if f < 0 && strings.Trim(s, "0.") != "" {
		return "−" + whole
	}
	return whole
}

// Percent writes a share: 0.68 is "68%".
func Percent(ctx context.Context, share float64) string { return Decimal(ctx, share*100, 0) + "%" }

// Bytes writes a size in units of 1,000: "4.1 MB".
func Bytes(ctx context.Context, n int64) string {
	size, unit := float64(n), 0
	units := []string{"B", "KB", "MB", "GB", "TB"}
	for size >= 999.5 && unit < len(units)-1 {
		size /= 1000
		unit++
	}
	digits := 0
	if unit > 0 && size < 9.95 {
		digits = 1
	}
	return Decimal(ctx, size, digits) + nbsp + units[unit]
}

// Money writes an amount in the smallest unit of a currency (ISO 4217):
// 1,164,000원 in Korean, ₩1,164,000 in English, $12.50 in both.
func Money(ctx context.Context, amount int64, currency string) string {
	minus := ""
	if amount < 0 {
		minus, amount = "−", -amount
	}
	sum := minorUnits(amount, exponent(currency))
	if currency == "KRW" && Of(ctx).Locale == Korean {
		return minus + sum + "원"
	}
	if sign, ok := signs(currency); ok {
		return minus + sign + sum
	}
	return minus + sum + nbsp + currency
}

func minorUnits(amount int64, digits int) string {
	unit := int64(math.Pow10(digits))
	whole := group(amount / unit)
	if digits == 0 {
		return whole
	}
	rest := strconv.FormatInt(amount%unit, 10)
	return whole + "." + strings.Repeat("0", digits-len(rest)) + rest
}

// exponent is how many digits the smallest unit takes (ISO 4217, table A.1).
func exponent(currency string) int {
	switch currency {
	case "KRW", "JPY", "VND", "CLP", "ISK", "PYG", "XAF", "XOF", "XPF", "UGX":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

func signs(currency string) (string, bool) {
	switch currency {
	case "KRW":
		return "₩", true
	case "USD":
		return "$", true
	case "EUR":
		return "€", true
	case "GBP":
		return "£", true
	case "JPY":
		return "¥", true
	}
	return "", false
}

func group(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}
