package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// answer is what a statement found, read to its end.
type answer struct {
	columns []string
	rows    [][]driver.Value
}

// take reads an answer.
func take(rows pgx.Rows, types *pgtype.Map) (*answer, error) {
	defer rows.Close()
	a := &answer{}
	for rows.Next() {
		fields := rows.FieldDescriptions()
		row := make([]driver.Value, len(fields))
		for i, raw := range rows.RawValues() {
			var err error
			if row[i], err = value(types, fields[i], raw); err != nil {
				return nil, err
			}
		}
		a.rows = append(a.rows, row)
	}
	for _, f := range rows.FieldDescriptions() {
		a.columns = append(a.columns, f.Name)
	}
	return a, rows.Err()
}

// value is that of a column, as the driver itself gives it to database/sql. The types are those that we use (see the package).
func value(types *pgtype.Map, f pgconn.FieldDescription, raw []byte) (driver.Value, error) {
	if raw == nil {
		return nil, nil
	}
	switch f.DataTypeOID {
	case pgtype.Int8OID, pgtype.Int4OID, pgtype.Int2OID:
		return as[int64](types, f, raw)
	case pgtype.BoolOID:
		return as[bool](types, f, raw)
	case pgtype.Float8OID, pgtype.Float4OID:
		return as[float64](types, f, raw)
	case pgtype.ByteaOID:
		return as[[]byte](types, f, raw)
	case pgtype.NumericOID:
		n, err := as[pgtype.Numeric](types, f, raw)
		if err != nil {
			return nil, err
		}
		return n.Value()
	}
	return as[string](types, f, raw)
}

func as[T any](types *pgtype.Map, f pgconn.FieldDescription, raw []byte) (v T, err error) {
	return v, types.Scan(f.DataTypeOID, f.Format, raw, &v)
}

// replay is a driver that gives back an answer that is there already, so that it is scanned by database/sql like any other.
type replay struct{}

var errReplay = errors.New("this connection only tells what was answered")

func (replay) Connect(context.Context) (driver.Conn, error) { return replay{}, nil }
func (replay) Driver() driver.Driver                        { return replay{} }
func (replay) Open(string) (driver.Conn, error)             { return replay{}, nil }
func (replay) Prepare(string) (driver.Stmt, error)          { return nil, errReplay }
func (replay) Begin() (driver.Tx, error)                    { return nil, errReplay }
func (replay) Close() error                                 { return nil }
func (replay) CheckNamedValue(*driver.NamedValue) error     { return nil }

func (replay) QueryContext(_ context.Context, _ string, args []driver.NamedValue) (driver.Rows, error) {
	return &replayed{args[0].Value.(*answer), 0}, nil
}

type replayed struct {
	*answer
	next int
}

func (r *replayed) Columns() []string { return r.columns }
func (r *replayed) Close() error      { return nil }

func (r *replayed) Next(row []driver.Value) error {
	if r.next == len(r.rows) {
		return io.EOF
	}
	copy(row, r.rows[r.next])
	r.next++
	return nil
}
