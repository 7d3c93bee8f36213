package email

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
)

// The kinds of DKIM keys. RSA is understood everywhere (RFC 6376), Ed25519 is
// short but not yet checked by all (RFC 8463).
const (
	RSA     = "rsa"
	Ed25519 = "ed25519"
)

// NewDKIM makes a key pair to sign a domain's mail with.
func NewDKIM(domain, selector, kind string) (DKIM, error) {
	var key crypto.Signer
	var err error
	if kind == Ed25519 {
		_, key, err = ed25519.GenerateKey(rand.Reader)
	} else {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	}
	if err != nil {
		return DKIM{}, fmt.Errorf("make a DKIM key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return DKIM{}, fmt.Errorf("write a DKIM key: %w", err)
	}
	return DKIM{Domain: domain, Selector: selector, Key: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))}, nil
}

// RecordName is where the public key has to stand in the DNS.
func (d DKIM) RecordName() string { return d.Selector + "._domainkey." + d.Domain }

// Record is the TXT record with the public key (RFC 6376 section 3.6.1, RFC 8463
// section 4).
func (d DKIM) Record() (string, error) {
	key, err := signer(d.Key)
	if err != nil {
		return "", err
	}
	switch public := key.Public().(type) {
	case ed25519.PublicKey:
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), nil
	case *rsa.PublicKey:
		der, err := x509.MarshalPKIXPublicKey(public)
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der), err
	}
	return "", errors.New("not a key for DKIM")
}
