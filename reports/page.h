// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/core/document.h"
#include "model/core/result.h"
#include "reports/bar_chart.h"
#include "reports/curve_chart.h"
#include "reports/front_chart.h"
#include "reports/roofline_chart.h"
#include "reports/scatter_chart.h"
#include "reports/stack_chart.h"

// What a report says, before anyone decides how it looks. pages/ makes a Page of each kind of document; every
// renderer turns any Page into bytes. Texts here are raw: escaping belongs to the renderer.
//
// This area has a namespace of its own: Table, Row, Column, Grid and Roof are words of other areas too, and a
// linker merges two types of one name without a word.

namespace ridgepoint::report {

/// Meaning of a span. The words carry it; renderers may add weight or colour, never replace the words.
enum class Tone { plain, strong, quiet, good, caution, bad };

/// Is the number behind a span a value of the document, or computed from some?
enum class Origin { document, derived };

/// A run of text. A span that shows a number also holds it exactly, in its base unit.
struct Span {
  std::string text;
  Tone tone = Tone::plain;
  std::optional<double> exact;
  std::string unit;  ///< base unit of `exact`: "s", "usd", "byte/s", "1" ...
  Origin origin = Origin::document;
};

/// A line of spans. Built from words with `+=`, so page code reads like the sentence it makes.
struct Text {
  std::vector<Span> spans;

  Text() = default;
  Text(std::string words) : Text(Span{std::move(words), Tone::plain, {}, {}, Origin::document}) {}
  Text(const char* words) : Text(std::string(words)) {}
  Text(Span span) { spans.push_back(std::move(span)); }
  Text& operator+=(const Text& more) {
    spans.insert(spans.end(), more.spans.begin(), more.spans.end());
    return *this;
  }
  bool empty() const { return spans.empty(); }
};

inline Text operator+(Text a, const Text& b) { return a += b; }

/// The words alone.
std::string words_of(const Text& text);

struct Paragraph {
  Text text;
};

enum class ListKind { bullets, steps };

struct List {
  ListKind kind = ListKind::bullets;
  std::vector<Text> items;
};

/// One line of a key-value list.
struct Entry {
  std::string key;
  Text value;
};

struct KeyValues {
  std::vector<Entry> rows;
};

enum class Align { text, number };

struct Column {
  std::string heading;
  Align align = Align::text;
};

enum class Emphasis { none, chosen, this_machine };

struct Row {
  std::vector<Text> cells;  ///< one per column
  Emphasis emphasis = Emphasis::none;
};

struct Table {
  std::string caption;
  std::vector<Column> columns;
  std::size_t row_header =
      0;  ///< the column that names a row; repeated when a narrow renderer splits the table
  std::vector<Row> rows;
  /// For a renderer that must be short: these many rows and the emphasised ones. 0 = all.
  std::size_t brief = 0;
};

/// An answer at a glance. Cards of one block share their keys, so that a renderer may print them as one
/// table.
struct Card {
  std::string title;
  std::string subtitle;
  Text headline;
  Text badge;
  std::vector<Entry> facts;
  std::string notes_title;
  std::vector<Text> notes;
};

struct Cards {
  std::string caption, title_heading, headline_heading, badge_heading;  ///< of overview_of()
  std::vector<Card> cards;
};

enum class Badges { shown, left_out };

/// The cards as a table, a row each, for renderers without cards and for the eye that compares.
Table overview_of(const Cards& cards, Badges badges);

/// A chart with its takeaway. Its table twin follows as a Table, for readers and renderers without pictures.
struct Figure {
  std::variant<RooflineChart, CurveChart, ScatterChart, StackChart, BarChart, FrontChart> chart;
  Text caption;
};

using Block = std::variant<Paragraph, List, KeyValues, Table, Cards, Figure>;

/// The terminal shows summaries; files show everything.
enum class Depth { summary, detail };

struct Section {
  std::string heading;
  std::vector<Block> blocks;
  Depth depth = Depth::summary;
};

struct Page {
  std::string kind;  ///< what the document is, in words: "recommendation"
  std::string title;
  Text lead;  ///< the answer, in one or two sentences
  std::vector<Section> sections;
  std::string footer;  ///< who made the document, when
};

/// The page of any document. A document that does not decode strictly is bad_input.
Result<Page> page_of(const Document& document);

}  // namespace ridgepoint::report
