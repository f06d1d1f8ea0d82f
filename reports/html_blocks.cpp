// SPDX-License-Identifier: Apache-2.0
#include "reports/html_blocks.h"

#include "reports/escape.h"
#include "reports/svg_roofline.h"

namespace ridgepoint::report {
namespace {

std::string_view class_of(Tone tone) {
  switch (tone) {
    case Tone::plain:
      return "";
    case Tone::strong:
      return "strong";
    case Tone::quiet:
      return "quiet";
    case Tone::good:
      return "good";
    case Tone::caution:
      return "caution";
    case Tone::bad:
      return "bad";
  }
  return "";
}

/// `<tag attributes>inner</tag>`; `attributes` begins with a space or is empty.
std::string element(const std::string& tag, const std::string& attributes, const std::string& inner) {
  return "<" + tag + attributes + ">" + inner + "</" + tag + ">";
}

std::string attribute(const std::string& name, std::string_view value) {
  return " " + name + "=\"" + html_attribute(value) + "\"";
}

std::string class_attribute(std::string_view name) { return name.empty() ? "" : attribute("class", name); }

/// What may be wider than a phone scrolls by itself, by finger or by arrow keys, so that the page never does.
std::string scroll_region(const std::string& label, const std::string& inner) {
  return "<div class=\"scroll\" role=\"region\" tabindex=\"0\"" + attribute("aria-label", label) + ">\n" +
         inner + "</div>\n";
}

std::string number_html(const Span& s) {
  const std::string exact = encode_number(*s.exact).dump();  // the document's own notation
  std::string attributes = attribute("value", exact);
  if (s.unit != "1") attributes += attribute("title", exact + " " + s.unit);
  if (s.origin == Origin::derived) attributes += attribute("data-origin", "derived");
  const std::string style = s.tone == Tone::quiet ? "" : class_attribute(class_of(s.tone));
  return element("data", attributes + style, html_text(s.text));
}

std::string row_class(Emphasis emphasis) {
  if (emphasis == Emphasis::chosen) return class_attribute("chosen");
  return emphasis == Emphasis::this_machine ? class_attribute("this-machine") : "";
}

std::string table_head(const std::vector<Column>& columns) {
  std::string cells;
  for (const Column& c : columns)
    cells += element("th", " scope=\"col\"" + class_attribute(c.align == Align::number ? "number" : ""),
                     html_text(c.heading));
  return "<thead><tr>" + cells + "</tr></thead>\n";
}

std::string table_row(const Table& table, const Row& row) {
  std::string cells;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const bool header = i == table.row_header;
    const std::string style = class_attribute(table.columns[i].align == Align::number ? "number" : "");
    cells +=
        element(header ? "th" : "td", (header ? " scope=\"row\"" : "") + style, html_inline(row.cells[i]));
  }
  return "<tr" + row_class(row.emphasis) + ">" + cells + "</tr>\n";
}

/// A phone's width must not squeeze many columns into one word each: such tables are wider and scroll.
std::string table_class(const Table& table) {
  const std::size_t n = table.columns.size();
  return n >= 8 ? class_attribute("very-wide") : n >= 4 ? class_attribute("wide") : "";
}

std::string entries_html(const std::vector<Entry>& entries) {
  std::string out = "<dl>\n";
  for (const Entry& e : entries)
    out +=
        "<div>" + element("dt", "", html_text(e.key)) + element("dd", "", html_inline(e.value)) + "</div>\n";
  return out + "</dl>\n";
}

std::string items_html(const std::string& tag, const std::vector<Text>& items) {
  std::string out = "<" + tag + ">\n";
  for (const Text& item : items) out += element("li", "", html_inline(item)) + "\n";
  return out + "</" + tag + ">\n";
}

enum class CardFacts { shown, in_the_table };

std::string card_html(const Card& card, CardFacts facts) {
  std::string out = "<article class=\"card\">\n" + element("h3", "", html_text(card.title)) + "\n";
  if (!card.subtitle.empty()) out += element("p", " class=\"subtitle\"", html_text(card.subtitle)) + "\n";
  out += element("p", " class=\"headline\"", html_inline(card.headline)) + "\n";
  out += element("p", " class=\"badge\"", html_inline(card.badge)) + "\n";
  if (facts == CardFacts::shown) out += entries_html(card.facts);
  if (!card.notes.empty())
    out += element("h4", "", html_text(card.notes_title)) + "\n" + items_html("ul", card.notes);
  return out + "</article>\n";
}

struct Draw {
  const std::string& id;
  std::string operator()(const RooflineChart& chart) const { return svg_roofline(chart, id); }
  std::string operator()(const CurveChart& chart) const { return svg_curves(chart, id); }
  std::string operator()(const ScatterChart& chart) const { return svg_scatter(chart, id); }
  std::string operator()(const StackChart& chart) const { return svg_stack(chart, id); }
  std::string operator()(const BarChart& chart) const { return svg_bars(chart, id); }
  std::string operator()(const FrontChart& chart) const { return svg_front(chart, id); }
};

}  // namespace

std::string html_inline(const Text& text) {
  std::string out;
  bool quiet = false;  // a run of quiet spans is one element, so that the style sheet can move it as a whole
  for (const Span& s : text.spans) {
    if ((s.tone == Tone::quiet) != quiet) {
      quiet = !quiet;
      out += quiet ? "<span class=\"quiet\">" : "</span>";
    }
    if (s.exact)
      out += number_html(s);
    else if (s.tone == Tone::plain || s.tone == Tone::quiet)
      out += html_text(s.text);
    else
      out += element("span", class_attribute(class_of(s.tone)), html_text(s.text));
  }
  return quiet ? out + "</span>" : out;
}

std::string HtmlBlocks::html(const Block& any) {
  return std::visit([this](const auto& b) { return block(b); }, any);
}

std::string HtmlBlocks::block(const Paragraph& p) { return element("p", "", html_inline(p.text)) + "\n"; }

std::string HtmlBlocks::block(const List& list) {
  return items_html(list.kind == ListKind::steps ? "ol" : "ul", list.items);
}

std::string HtmlBlocks::block(const KeyValues& list) { return entries_html(list.rows); }

std::string HtmlBlocks::block(const Table& table) {
  std::string rows;
  for (const Row& row : table.rows) rows += table_row(table, row);
  const std::string label = "Table " + std::to_string(++tables_) + ": " + table.caption;
  return scroll_region(label, "<table" + table_class(table) + ">\n" +
                                  element("caption", "", html_text(table.caption)) + "\n" +
                                  table_head(table.columns) + "<tbody>\n" + rows + "</tbody>\n</table>\n");
}

std::string HtmlBlocks::block(const Cards& cards) {
  // More than a few cards do not fit a screen: a table shows them all at once, and the cards keep the rest.
  constexpr std::size_t kGlance = 3;
  const bool many = cards.cards.size() > kGlance;
  std::string out = many ? block(overview_of(cards, Badges::shown)) : "";
  out += "<div class=\"cards\">\n";
  for (const Card& card : cards.cards)
    out += card_html(card, many ? CardFacts::in_the_table : CardFacts::shown);
  return out + "</div>\n";
}

std::string HtmlBlocks::block(const Figure& figure) {
  const std::string number = std::to_string(++figures_), id = "chart-" + number;
  return "<figure>\n" + scroll_region("Chart " + number, std::visit(Draw{id}, figure.chart)) +
         element("figcaption", "", html_inline(figure.caption)) + "\n</figure>\n";
}

}  // namespace ridgepoint::report
