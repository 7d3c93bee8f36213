package folder

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"baraji/internal/kit/problem"

	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/unicode/norm"
)

// File is one that may be taken.
type File struct {
	Path string // from the top of the folder, with slashes
	Open func() (io.ReadCloser, error)
	Bad  *problem.Error // why it cannot be taken, if that is known
}

// What is read at most.
const (
	maxFiles   = 20_000
	maxText    = 64 << 10 // bytes of an article with its head
	maxTexts   = 64 << 20 // bytes of all articles together
	maxPicture = 5 << 20  // bytes
	maxNewPics = 256 << 20
)

// read reads a file that has at most so many bytes. What an archive says about sizes is not believed.
func (f File) read(most int64) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, problem.New(problem.Invalid, "It cannot be read: %s", err.Error())
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, problem.New(problem.Invalid, "It cannot be read: %s", err.Error())
	}
	if int64(len(b)) > most {
		return nil, problem.New(problem.Invalid, "It is larger than %d KB.", most>>10)
	}
	return b, nil
}

// Zip lists the files of an archive.
func Zip(r io.ReaderAt, size int64) ([]File, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, problem.New(problem.Invalid, "This is not a zip file, or it is damaged.")
	}
	if len(z.File) > maxFiles {
		return nil, problem.New(problem.Invalid, "There are more than %d files in it. Take it in parts.", maxFiles)
	}
	var list []File
	for _, f := range z.File {
		if f.FileInfo().IsDir() {
			continue
		}
		list = append(list, File{Path: nameIn(f.Name), Open: f.Open, Bad: badName(f.Name, f.Mode())})
	}
	return sorted(list), nil
}

// nameIn reads a name from an archive. Archives made on Korean Windows have names in its own code page, those from a Mac have letters taken apart.
func nameIn(name string) string {
	if !utf8.ValidString(name) {
		if read, err := korean.EUCKR.NewDecoder().String(name); err == nil {
			name = read
		}
	}
	return norm.NFC.String(strings.ReplaceAll(strings.ToValidUTF8(name, "?"), `\`, "/"))
}

// badName is what is wrong with a file before it is opened.
func badName(name string, mode fs.FileMode) *problem.Error {
	name = nameIn(name)
	switch {
	case !fs.ValidPath(name) || strings.Contains(name, ":"):
		return problem.New(problem.Invalid, "Its path leads out of the folder.")
	case !mode.IsRegular():
		return problem.New(problem.Invalid, "It is a link or something else that is no file.")
	}
	return nil
}

// Dir lists the files of a folder on this machine. Links are not followed.
func Dir(dir string) ([]File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, problem.New(problem.Invalid, "The folder %s cannot be read.", dir)
	}
	var list []File
	tree := root.FS()
	err = fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		if d.IsDir() {
			if name != "." && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		list = append(list, File{Path: nameIn(name), Open: func() (io.ReadCloser, error) { return tree.Open(name) }, Bad: badName(name, d.Type())})
		return nil
	})
	return sorted(list), err
}

func sorted(list []File) []File {
	slices.SortStableFunc(list, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return list
}

// unseen says whether a file is none that a person put there.
func unseen(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != ".." && part != "." || part == "__MACOSX" || part == "Thumbs.db" || part == "desktop.ini" {
			return true
		}
	}
	return false
}

func isMarkdown(name string) bool {
	return slices.Contains([]string{".md", ".markdown"}, strings.ToLower(path.Ext(name)))
}

func isPicture(name string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".gif", ".webp"}, strings.ToLower(path.Ext(name)))
}

// isAbout says whether a file is about the folder rather than an article.
func isAbout(name string) bool {
	base := strings.ToLower(path.Base(name))
	for _, about := range []string{"readme", "license", "licence", "contributing", "changelog", "code_of_conduct"} {
		if base == about+".md" || base == about+".markdown" {
			return true
		}
	}
	return false
}
