// SPDX-License-Identifier: Apache-2.0
#include "model/core/text.h"
#include "reports/escape.h"
#include "reports/page.h"
#include "reports/renderer.h"

namespace ridgepoint::report {
namespace {

std::string inline_text(const Text& text) {
  std::string out;
  for (const Span& s : text.spans) {
    const std::string words = markdown_text(s.text);
    const bool bold = s.tone != Tone::plain && s.tone != Tone::quiet && !words.empty();
    // GitHub does not read "** x**" as bold; our spans begin and end with a letter, a document's may not.
    const bool sound = bold && words.front() != ' ' && words.back() != ' ';
    out += sound ? "**" + words + "**" : words;
  }
  return std::string(trim(out));  // four leading spaces would make a code block
}

std::string table_row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& cell : cells) out += " " + cell + " |";
  return out + "\n";
}

std::string markdown_of(const Paragraph& p) { return inline_text(p.text) + "\n"; }

std::string markdown_of(const List& list) {
  std::string out;
  std::size_t step = 0;
  for (const Text& item : list.items) {
    ++step;
    out += (list.kind == ListKind::steps ? std::to_string(step) + ". " : "- ") + inline_text(item) + "\n";
  }
  return out;
}

std::string markdown_of(const KeyValues& list) {
  std::string out;
  for (const Entry& e : list.rows)
    out += "- **" + markdown_text(e.key) + ":** " + inline_text(e.value) + "\n";
  return out;
}

std::string table_markdown(const Table& table) {
  std::vector<std::string> headings, rules;
  for (const Column& c : table.columns) {
    headings.push_back(markdown_text(c.heading));
    rules.emplace_back(c.align == Align::number ? "---:" : "---");
  }
  std::string out = table_row(headings) + table_row(rules);
  for (const Row& row : table.rows) {
    std::vector<std::string> cells;
    for (const Text& cell : row.cells) cells.push_back(inline_text(cell));
    out += table_row(cells);
  }
  return out;
}

std::string markdown_of(const Table& table) {
  return "**" + markdown_text(table.caption) + "**\n\n" + table_markdown(table);
}

std::string markdown_of(const Cards& cards) {
  std::string out = table_markdown(overview_of(cards, Badges::shown));
  for (const Card& card : cards.cards) {
    if (card.subtitle.empty() && card.notes.empty()) continue;
    out += "\n**" + markdown_text(card.title) + "**\n";
    if (!card.subtitle.empty()) out += "\n" + markdown_text(card.subtitle) + ".\n";
    if (card.notes.empty()) continue;
    out +=
        "\n" + markdown_text(card.notes_title) + ":\n\n" + markdown_of(List{ListKind::bullets, card.notes});
  }
  return out;
}

/// The tables that follow a figure are its text.
std::string markdown_of(const Figure& figure) { return inline_text(figure.caption) + "\n"; }

Result<std::string> render(const Document& document) {
  return page_of(document).map([](const Page& page) {
    std::string out = "# " + markdown_text(page.title) + "\n\n" + inline_text(page.lead) + "\n";
    for (const Section& section : page.sections) {
      out += "\n## " + markdown_text(section.heading) + "\n";
      for (const Block& block : section.blocks)
        out += "\n" + std::visit([](const auto& b) { return markdown_of(b); }, block);
    }
    return out;
  });
}

}  // namespace
}  // namespace ridgepoint::report

namespace ridgepoint {

extern const Renderer markdown_renderer;
const Renderer markdown_renderer{.id = "markdown",
                                 .suffix = ".md",
                                 .summary = "GitHub Markdown, for an issue or a wiki",
                                 .render = report::render};

}  // namespace ridgepoint
