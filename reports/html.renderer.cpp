// SPDX-License-Identifier: Apache-2.0
#include "reports/escape.h"
#include "reports/html_blocks.h"
#include "reports/page.h"
#include "reports/renderer.h"

namespace ridgepoint::report {
namespace {

// The page asks for nothing: no script, no font, no picture, no icon. The policy makes the browser hold it to
// that.
constexpr std::string_view kHead = R"(<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
)";

std::string section_id(std::size_t index) { return "section-" + std::to_string(index + 1); }

std::string contents(const Page& page) {
  std::string items;
  for (std::size_t i = 0; i < page.sections.size(); ++i)
    items += "<li><a href=\"#" + section_id(i) + "\">" + html_text(page.sections[i].heading) + "</a></li>\n";
  return "<nav aria-label=\"Contents\"><ul>\n" + items + "</ul></nav>\n";
}

std::string main_part(const Page& page) {
  std::string out;
  HtmlBlocks blocks;
  for (std::size_t i = 0; i < page.sections.size(); ++i) {
    const Section& section = page.sections[i];
    out += "<section aria-labelledby=\"" + section_id(i) + "\">\n<h2 id=\"" + section_id(i) + "\">" +
           html_text(section.heading) + "</h2>\n";
    for (const Block& block : section.blocks) out += blocks.html(block);
    out += "</section>\n";
  }
  return out;
}

Result<std::string> render(const Document& document) {
  return page_of(document).map([](const Page& page) {
    std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n" + std::string(kHead);
    out += "<title>" + html_text(page.title) + "</title>\n<style>\n" + kHtmlStyle +
           "</style>\n</head>\n<body>\n";
    out += "<a class=\"skip\" href=\"#main\">Skip to the report</a>\n";
    out += "<header>\n<p class=\"kind\">Ridgepoint " + html_text(page.kind) + "</p>\n<h1>" +
           html_text(page.title) + "</h1>\n<p class=\"lead\">" + html_inline(page.lead) + "</p>\n</header>\n";
    if (page.sections.size() > 2) out += contents(page);
    out += "<main id=\"main\">\n" + main_part(page) + "</main>\n<footer>\n<p>" + html_text(page.footer) +
           "</p>\n</footer>\n</body>\n</html>\n";
    return out;
  });
}

}  // namespace
}  // namespace ridgepoint::report

namespace ridgepoint {

extern const Renderer html_renderer;
const Renderer html_renderer{.id = "html",
                             .suffix = ".html",
                             .summary = "One self-contained page without scripts, for a browser or paper",
                             .render = report::render};

}  // namespace ridgepoint
