// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "model/core/text.h"
#include "reports/page.h"
#include "reports/renderer.h"
#include "reports/text_layout.h"
#include "reports/visible.h"

namespace ridgepoint::report {
namespace {

using Lines = std::vector<std::string>;

void append(Lines& lines, const Lines& more) { lines.insert(lines.end(), more.begin(), more.end()); }

/// The words, with a number kept on one line with its unit.
std::string flat(const Text& text) {
  std::string out;
  for (const Span& s : text.spans) {
    std::string words = visible(s.text);
    if (s.exact) std::ranges::replace(words, ' ', kSolidSpace);
    out += words;
  }
  return out;
}

/// In a table cell an aside (a range behind its number) has a line of its own and stays whole.
std::string flat_cell(const Text& text) {
  std::string out;
  for (std::size_t i = 0; i < text.spans.size(); ++i) {
    const Span& s = text.spans[i];
    const bool begins =
        i != 0 && s.tone == Tone::quiet && text.spans[i - 1].tone != Tone::quiet && s.text == " (";
    const bool within = i != 0 && s.tone == Tone::quiet && text.spans[i - 1].tone == Tone::quiet;
    std::string words = visible(s.text);
    if (s.exact || within) std::ranges::replace(words, ' ', kSolidSpace);
    out += begins ? std::string(1, kLineEnd) + "(" : words;
  }
  return out;
}

Lines underlined(const std::string& heading, char rule) {
  Lines lines = wrap(visible(heading), kTextColumns);
  std::size_t width = 0;
  for (const std::string& line : lines) width = std::max(width, columns_of(line));
  lines.emplace_back(width, rule);
  return lines;
}

Lines lines_of(const Paragraph& p) { return wrap(flat(p.text), kTextColumns); }

Lines lines_of(const List& list) {
  Lines lines;
  std::size_t step = 0;
  for (const Text& item : list.items) {
    ++step;
    append(lines,
           hang(list.kind == ListKind::steps ? std::to_string(step) + ". " : "- ", flat(item), kTextColumns));
  }
  return lines;
}

Lines lines_of(const KeyValues& list) {
  std::size_t width = 0;
  for (const Entry& e : list.rows)
    width = std::max(width, std::min<std::size_t>(columns_of(visible(e.key)), 24));
  Lines lines;
  for (const Entry& e : list.rows) {
    std::string key = wrap(visible(e.key), 24).front();
    key.resize(key.size() + width - columns_of(key), ' ');
    append(lines, hang(key + "  ", flat(e.value), kTextColumns));
  }
  return lines;
}

/// The rows that a terminal gets: a screen, not a catalogue.
std::vector<const Row*> brief_rows(const Table& table) {
  std::vector<const Row*> rows;
  for (std::size_t i = 0; i < table.rows.size(); ++i)
    if (table.brief == 0 || i < table.brief || table.rows[i].emphasis != Emphasis::none)
      rows.push_back(&table.rows[i]);
  return rows;
}

Lines table_lines(const Table& table, const std::vector<const Row*>& rows) {
  Grid grid;
  grid.row_header = table.row_header;
  for (const Column& c : table.columns)
    grid.columns.push_back({visible(c.heading), c.align == Align::number ? Justify::right : Justify::left});
  for (const Row* row : rows) {
    std::vector<std::string> cells;
    for (const Text& cell : row->cells) cells.push_back(flat_cell(cell));
    grid.rows.push_back(std::move(cells));
  }
  return grid_lines(grid, kTextColumns);
}

Lines lines_of(const Table& table) {
  Lines lines = wrap(visible(table.caption) + ":", kTextColumns);
  const std::vector<const Row*> rows = brief_rows(table);
  append(lines, table_lines(table, rows));
  if (const std::size_t left_out = table.rows.size() - rows.size(); left_out > 0)
    lines.push_back("... and " + std::to_string(left_out) +
                    " more: --format html, markdown or json shows all.");
  return lines;
}

/// Cards side by side in a table, then a line or two each: how sure, and the first thing that would change
/// it.
Lines lines_of(const Cards& cards) {
  const Table overview = overview_of(cards, Badges::left_out);
  Lines lines = table_lines(overview, brief_rows(overview));
  if (!cards.cards.empty()) lines.emplace_back();
  for (const Card& card : cards.cards) {
    std::string line = visible(card.title) + ": " + flat(card.badge) + ".";
    if (!card.notes.empty()) line += " " + flat(card.notes.front());
    append(lines, hang("- ", line, kTextColumns));
  }
  return lines;
}

/// The tables that follow a figure are its text.
Lines lines_of(const Figure& figure) { return wrap(flat(figure.caption), kTextColumns); }

Result<std::string> render(const Document& document) {
  return page_of(document).map([](const Page& page) {
    Lines lines = underlined(page.title, '=');
    append(lines, wrap(flat(page.lead), kTextColumns));
    bool more = false;
    for (const Section& section : page.sections) {
      if (section.depth == Depth::detail) {
        more = true;
        continue;
      }
      lines.emplace_back();
      append(lines, underlined(section.heading, '-'));
      for (std::size_t i = 0; i < section.blocks.size(); ++i) {
        if (i != 0) lines.emplace_back();
        append(lines, std::visit([](const auto& block) { return lines_of(block); }, section.blocks[i]));
      }
    }
    if (more) append(lines, {"", "Why, how and from what: --format html, markdown or json."});
    return join(lines, "\n") + "\n";
  });
}

}  // namespace
}  // namespace ridgepoint::report

namespace ridgepoint {

extern const Renderer text_renderer;
const Renderer text_renderer{.id = "text",
                             .suffix = ".txt",
                             .summary = "Plain text for a terminal, 80 columns wide",
                             .render = report::render};

}  // namespace ridgepoint
