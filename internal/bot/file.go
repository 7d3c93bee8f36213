package bot

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
)

// The first bytes of a written model; the last of them is the version. It goes up whenever features, their hashes or
// the order of what is written change: an older model then has to be trained anew, which takes seconds.
const magic = "baraji bot\x02"

// ErrFile says that what was read is no model, is damaged, or was written by another version. Train it anew.
var ErrFile = errors.New("bot: not a model of this version")

// Write writes a model: some tens of megabytes for thousands of phrasings. It ends in a checksum (SHA-256).
func (m *Model) Write(to io.Writer) error {
	w := &writer{to: bufio.NewWriterSize(to, 1<<16), sum: sha256.New()}
	w.bytes([]byte(magic))
	m.each(w)
	w.to.Write(w.sum.Sum(nil)) // a bufio.Writer keeps its error
	return w.to.Flush()
}

// Read reads what Write has written. It believes nothing: a model that it gives can be asked anything.
func Read(from io.Reader) (*Model, error) {
	r := &reader{from: bufio.NewReaderSize(from, 1<<16), sum: sha256.New()}
	m := &Model{library: &library{}, phrasings: &phrasings{}}
	if !bytes.Equal(r.some(len(magic)), []byte(magic)) {
		return nil, ErrFile
	}
	m.each(r)
	want := r.sum.Sum(nil)
	got := make([]byte, len(want))
	if _, err := io.ReadFull(r.from, got); err != nil && r.err == nil {
		r.err = err
	}
	if r.err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFile, r.err)
	}
	if !bytes.Equal(got, want) || !m.sound() {
		return nil, ErrFile
	}
	return m, nil
}

// carrier is a way a model goes, out or in: it is told of each part in turn.
type carrier interface {
	json(v any)
	strings(list *[]string)
	uints(list *[]uint32)
	ints(list *[]int32)
	floats(list *[]float32)
	keys(number *map[feature]uint32)
	counts(list *map[string]uint32)
}

// each names the parts of a model in their order in the file.
func (m *Model) each(c carrier) {
	p, l := m.phrasings, m.library
	c.json(&m.judge)
	c.json(&m.figures)
	c.strings(&m.answers)
	c.strings(&m.langs)
	c.ints(&m.article)
	c.counts(&m.known.latin)
	c.counts(&m.known.pairs)
	c.keys(&p.number)
	c.floats(&p.says)
	c.json(&p.unseen)
	c.uints(&p.taught)
	c.floats(&p.weights)
	c.floats(&p.bias)
	c.uints(&p.rows.Start)
	c.uints(&p.rows.Index)
	c.floats(&p.rows.Value)
	c.uints(&p.first)
	c.json(&l.passages)
	c.uints(&l.of)
	c.floats(&l.length)
	c.floats(&l.whole)
	c.keys(&l.number)
	c.uints(&l.start)
	c.uints(&l.postings)
	c.floats(&l.rarity)
	c.json(&l.rarest)
	c.json(&l.mean)
	c.json(&l.meanAll)
}

type writer struct {
	to  *bufio.Writer
	sum hash.Hash
}

func (w *writer) bytes(b []byte) {
	w.sum.Write(b)
	w.to.Write(b) // keeps its error for Flush
}

func (w *writer) block(b []byte) {
	w.bytes(binary.LittleEndian.AppendUint32(nil, uint32(len(b))))
	w.bytes(b)
}

func (w *writer) json(v any) {
	b, _ := json.Marshal(v) // plain numbers, none of them infinite
	w.block(b)
}

func (w *writer) strings(list *[]string) { w.json(list) }
func (w *writer) uints(list *[]uint32)   { writeList(w, *list) }
func (w *writer) ints(list *[]int32)     { writeList(w, *list) }
func (w *writer) floats(list *[]float32) { writeList(w, *list) }

func (w *writer) counts(list *map[string]uint32) { w.json(list) }

func (w *writer) keys(number *map[feature]uint32) {
	keys := make([]feature, len(*number))
	for f, n := range *number {
		keys[n] = f
	}
	writeList(w, keys)
}

func writeList[T uint32 | int32 | float32 | feature](w *writer, list []T) {
	w.bytes(binary.LittleEndian.AppendUint32(nil, uint32(len(list))))
	for part := range slices.Chunk(list, 1<<14) {
		b, _ := binary.Append(nil, binary.LittleEndian, part) // of fixed size, so it cannot fail
		w.bytes(b)
	}
}

type reader struct {
	from *bufio.Reader
	sum  hash.Hash
	err  error
}

// some reads n bytes, a megabyte at a time: a length that is a lie costs no memory.
func (r *reader) some(n int) []byte {
	var b []byte
	for len(b) < n && r.err == nil {
		part := make([]byte, min(n-len(b), 1<<20))
		if _, r.err = io.ReadFull(r.from, part); r.err == nil {
			b = append(b, part...)
		}
	}
	r.sum.Write(b)
	return b
}

func (r *reader) length() int {
	if b := r.some(4); len(b) == 4 {
		return int(binary.LittleEndian.Uint32(b))
	}
	return 0
}

func (r *reader) json(v any) {
	b := r.some(r.length())
	if r.err == nil {
		r.err = json.Unmarshal(b, v)
	}
}

func (r *reader) strings(list *[]string)         { r.json(list) }
func (r *reader) uints(list *[]uint32)           { readList(r, list, 4) }
func (r *reader) ints(list *[]int32)             { readList(r, list, 4) }
func (r *reader) floats(list *[]float32)         { readList(r, list, 4) }
func (r *reader) counts(list *map[string]uint32) { r.json(list) }

func (r *reader) keys(number *map[feature]uint32) {
	var keys []feature
	readList(r, &keys, 8)
	*number = make(map[feature]uint32, len(keys))
	for i, f := range keys {
		(*number)[f] = uint32(i)
	}
}

func readList[T uint32 | int32 | float32 | feature](r *reader, list *[]T, size int) {
	const most = 1 << 14
	for left := r.length(); left > 0 && r.err == nil; left -= min(left, most) {
		part := make([]T, min(left, most))
		b := r.some(len(part) * size)
		if r.err == nil {
			_, r.err = binary.Decode(b, binary.LittleEndian, part)
			*list = append(*list, part...)
		}
	}
}
