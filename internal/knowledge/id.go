package knowledge

import "baraji/internal/kit/id"

// ID is the id of an article.
type ID = id.Of[idKind]

type idKind struct{}

func (idKind) Prefix() string { return "art" }

// CategoryID is the id of a category.
type CategoryID = id.Of[categoryKind]

type categoryKind struct{}

func (categoryKind) Prefix() string { return "cat" }

// VersionID is the id of a published version of a text.
type VersionID = id.Of[versionKind]

type versionKind struct{}

func (versionKind) Prefix() string { return "ver" }

// PictureID is the id of a picture that an article may show.
type PictureID = id.Of[pictureKind]

type pictureKind struct{}

func (pictureKind) Prefix() string { return "pic" }
