// SPDX-License-Identifier: Apache-2.0
#include "reports/text_layout.h"

#include <algorithm>

#include "model/core/text.h"
#include "reports/visible.h"

namespace ridgepoint::report {
namespace {

constexpr std::size_t kGap = 2;

std::string loosened(std::string line) {
  std::ranges::replace(line, kSolidSpace, ' ');
  return line;
}

/// Bytes of the longest beginning of `word` that fits `width`, preferably up to and with a separator.
std::size_t cut_of(std::string_view word, std::size_t width) {
  constexpr std::string_view kSeparators = "/-_.,;:=)";
  std::size_t bytes = 0, used = 0, nice = 0;
  while (bytes < word.size()) {
    const std::size_t length = first_code_point(word.substr(bytes)).length;
    used += columns_of(word.substr(bytes, length));
    if (used > width) break;
    bytes += length;
    if (used > width / 2 && kSeparators.find(word[bytes - 1]) != std::string_view::npos) nice = bytes;
  }
  return nice != 0 ? nice : bytes;
}

/// Adds a word to the last line, or begins another; a word too long for any line is cut.
void append_word(std::vector<std::string>& lines, std::string_view word, std::size_t width) {
  const std::size_t used = columns_of(lines.back());
  const std::size_t gap = lines.back().empty() ? 0 : 1;
  if (used + gap + columns_of(word) <= width) {
    if (gap != 0) lines.back() += ' ';
    lines.back() += word;
    return;
  }
  if (!lines.back().empty()) lines.emplace_back();
  while (columns_of(word) > width) {
    const std::size_t cut = cut_of(word, width);
    lines.back() = word.substr(0, cut);
    lines.emplace_back();
    word.remove_prefix(cut);
  }
  lines.back() = word;
}

std::size_t longest_part(std::string_view text, char separator) {
  std::size_t longest = 0;
  for (const std::string& part : split(text, separator)) longest = std::max(longest, columns_of(part));
  return longest;
}

std::size_t longest_word(std::string_view text) {
  std::string words(text);
  std::ranges::replace(words, kLineEnd, ' ');
  return longest_part(words, ' ');
}

struct Width {
  std::size_t least = 0, natural = 0;
};

/// A column may shrink to its longest word, though a word of 24 and more letters may be cut. A short heading
/// stays on one line.
Width width_of(const Grid& grid, std::size_t column) {
  constexpr std::size_t kWord = 24, kComfort = 12, kHeading = 14;
  Width width;
  std::size_t word = longest_word(grid.columns[column].heading);
  width.natural = columns_of(grid.columns[column].heading);
  for (const auto& row : grid.rows) {
    width.natural = std::max(width.natural, longest_part(row[column], kLineEnd));
    word = std::max(word, longest_word(row[column]));
  }
  if (columns_of(grid.columns[column].heading) <= kHeading)
    word = std::max(word, columns_of(grid.columns[column].heading));
  const std::size_t comfort = std::min(width.natural, kComfort);
  width.least = std::max({std::min(word, kWord), comfort, std::size_t{2}});
  return width;
}

/// Columns of one panel, as indices, and their widths.
struct Panel {
  std::vector<std::size_t> columns, widths;
};

/// Takes columns in order while their least widths fit.
std::vector<Panel> panels_of(const Grid& grid, const std::vector<Width>& widths, std::size_t width) {
  std::vector<Panel> panels;
  std::size_t used = 0;
  for (std::size_t c = 0; c < grid.columns.size(); ++c) {
    if (panels.empty() || used + kGap + widths[c].least > width) {
      panels.emplace_back();
      used = 0;
      if (panels.size() > 1 && c != grid.row_header) {
        panels.back().columns = {grid.row_header};
        used = widths[grid.row_header].least;
      }
    }
    used += (panels.back().columns.empty() ? 0 : kGap) + widths[c].least;
    panels.back().columns.push_back(c);
  }
  return panels;
}

/// Hands out the columns that are left one at a time, each to the column that would wrap into the most lines.
void widen(Panel& panel, const std::vector<Width>& widths, std::size_t width) {
  std::size_t used = kGap * (panel.columns.size() - 1);
  for (const std::size_t c : panel.columns) {
    panel.widths.push_back(widths[c].least);
    used += widths[c].least;
  }
  for (; used < width; ++used) {
    std::size_t neediest = 0;
    double most = 0;
    for (std::size_t i = 0; i < panel.columns.size(); ++i) {
      const double lines =
          static_cast<double>(widths[panel.columns[i]].natural) / static_cast<double>(panel.widths[i]);
      if (lines > most) {
        most = lines;
        neediest = i;
      }
    }
    if (most <= 1) return;
    ++panel.widths[neediest];
  }
}

/// One row: its cells wrapped, side by side, top-aligned.
void add_row(std::vector<std::string>& lines, const Grid& grid, const Panel& panel,
             const std::vector<std::string>& cells) {
  std::vector<std::vector<std::string>> wrapped;
  std::size_t height = 0;
  for (std::size_t i = 0; i < panel.columns.size(); ++i) {
    wrapped.push_back(wrap(cells[panel.columns[i]], panel.widths[i]));
    height = std::max(height, wrapped.back().size());
  }
  for (std::size_t h = 0; h < height; ++h) {
    std::string line;
    for (std::size_t i = 0; i < panel.columns.size(); ++i) {
      const std::string cell = h < wrapped[i].size() ? wrapped[i][h] : "";
      const std::string pad(panel.widths[i] - columns_of(cell), ' ');
      if (i != 0) line.append(kGap, ' ');
      line += grid.columns[panel.columns[i]].justify == Justify::right ? pad + cell : cell + pad;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(line);
  }
}

void add_panel(std::vector<std::string>& lines, const Grid& grid, const Panel& panel) {
  std::vector<std::string> headings, rules(grid.columns.size());
  for (const GridColumn& c : grid.columns) headings.push_back(c.heading);
  for (std::size_t i = 0; i < panel.columns.size(); ++i)
    rules[panel.columns[i]] = std::string(panel.widths[i], '-');
  add_row(lines, grid, panel, headings);
  add_row(lines, grid, panel, rules);
  for (const auto& row : grid.rows) add_row(lines, grid, panel, row);
}

}  // namespace

std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  for (const std::string& part : split(text, kLineEnd)) {
    lines.emplace_back();
    for (const std::string& word : split(part, ' '))
      if (!word.empty()) append_word(lines, word, width);
  }
  for (std::string& line : lines) line = loosened(std::move(line));
  return lines;
}

std::vector<std::string> hang(const std::string& first, std::string_view text, std::size_t width) {
  const std::size_t indent = columns_of(first);
  std::vector<std::string> lines = wrap(text, width - indent);
  for (std::size_t i = 0; i < lines.size(); ++i)
    lines[i] = (i == 0 ? first : std::string(indent, ' ')) + lines[i];
  return lines;
}

std::vector<std::string> grid_lines(const Grid& grid, std::size_t width) {
  std::vector<std::string> lines;
  if (grid.columns.empty()) return lines;
  std::vector<Width> widths;
  for (std::size_t c = 0; c < grid.columns.size(); ++c) widths.push_back(width_of(grid, c));
  for (Panel& panel : panels_of(grid, widths, width)) {
    if (!lines.empty()) lines.emplace_back();
    widen(panel, widths, width);
    add_panel(lines, grid, panel);
  }
  return lines;
}

}  // namespace ridgepoint::report
