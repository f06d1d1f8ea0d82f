// SPDX-License-Identifier: Apache-2.0
#include "workloads/sparse/matrix_market.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "model/core/format.h"
#include "model/core/ports.h"
#include "model/core/text.h"
#include "workloads/sparse/line_file.h"

namespace ridgepoint {
namespace {

struct Header {
  bool pattern = false, symmetric = false, skew = false;
  std::int64_t rows = 0, cols = 0, entries = 0;
};

struct Entry {
  std::int32_t row, col;
  double value;
};

std::vector<std::string> words(std::string_view line) {
  std::vector<std::string> out;
  std::string word;
  for (const char c : line)
    if (c == ' ' || c == '\t') {
      if (!word.empty()) out.push_back(std::move(word));
      word.clear();
    } else {
      word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

/// The next word of a line as a number; false where there is none or it is another thing.
template <class T>
bool take(std::string_view& line, T& value) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (line.starts_with('+')) line.remove_prefix(1);
  const auto [stop, code] = std::from_chars(line.data(), line.data() + line.size(), value);
  if (code != std::errc()) return false;
  line.remove_prefix(static_cast<std::size_t>(stop - line.data()));
  return line.empty() || line.front() == ' ' || line.front() == '\t';
}

bool nothing_left(std::string_view line) { return line.find_first_not_of(" \t") == std::string_view::npos; }

Result<Header> read_banner(LineFile& file) {
  const auto line = file.next();
  if (!line) return tl::make_unexpected(line.error());
  const std::vector<std::string> w = words(line->text);
  if (line->end || w.size() != 5 || w[0] != "%%matrixmarket" || w[1] != "matrix")
    return file.bad("no header '%%MatrixMarket matrix coordinate ...'", "give a Matrix Market file");
  const auto known = [](const std::string& word, std::initializer_list<const char*> list) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  if (w[2] != "coordinate" || !known(w[3], {"real", "integer", "pattern"}) ||
      !known(w[4], {"general", "symmetric", "skew-symmetric"}))
    return file.bad(
        "'" + printable(w[2] + " " + w[3] + " " + w[4]) + "' is not read",
        "convert it to coordinate; real, integer or pattern; general, symmetric or skew-symmetric");
  return Header{w[3] == "pattern", w[4] == "symmetric", w[4] == "skew-symmetric"};
}

/// The size line, and what a matrix of that size would need.
std::optional<Error> read_size(LineFile& file, Header& h, double limit) {
  const auto line = file.next_content();
  if (!line) return line.error();
  std::string_view text = line->text;
  if (line->end || !take(text, h.rows) || !take(text, h.cols) || !take(text, h.entries) ||
      !nothing_left(text))
    return file.bad("no line with rows, columns and entries", "is the file whole?").value();
  const std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (h.rows < 1 || h.cols < 1 || h.entries < 0 || h.rows > most || h.cols > most)
    return file
        .bad("rows and columns must lie in 1 to 2^31 - 1, entries be 0 or more", "choose another matrix")
        .value();
  if ((h.symmetric || h.skew) && h.rows != h.cols)
    return file.bad("a symmetric matrix must be square", "is the file damaged?").value();
  // A growing list of entries, its sorting and the matrix, twice where the other half is added; the vectors.
  const double both = h.symmetric || h.skew ? 2 : 1;
  const double bytes = both * 60.0 * static_cast<double>(h.entries) +
                       24.0 * (static_cast<double>(h.rows) + static_cast<double>(h.cols));
  if (bytes > limit)
    return Error{
        ErrorKind::unavailable,
        "the matrix needs " + show_bytes(bytes) + ", the limit is " + show_bytes(limit),
        "its file says " + std::to_string(h.rows) + " rows and " + std::to_string(h.entries) + " entries",
        "raise --memory where the machine has more"};
  return std::nullopt;
}

/// A number too small for a double is 0; one too large is refused with those that are none.
bool take_value(std::string_view& text, double& value) {
  std::string_view rest = text;
  if (take(rest, value)) {
    text = rest;
    return std::isfinite(value);
  }
  rest = text.substr(std::min(text.find_first_not_of(" \t+"), text.size()));
  const auto [stop, code] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  const std::string_view word(rest.data(), static_cast<std::size_t>(stop - rest.data()));
  if (code != std::errc::result_out_of_range || word.find("e-") == std::string_view::npos) return false;
  value = 0;
  text = rest.substr(word.size());
  return true;
}

Result<Entry> read_entry(LineFile& file, const Header& h) {
  const auto line = file.next_content();
  if (!line) return tl::make_unexpected(line.error());
  if (line->end) return file.bad("the file ends before all entries are there", "fetch the file again");
  std::string_view text = line->text;
  std::int64_t row = 0, col = 0;
  double value = 1;
  if (!take(text, row) || !take(text, col) || (!h.pattern && !take_value(text, value)) || !nothing_left(text))
    return file.bad(h.pattern ? "is not a row and a column" : "is not a row, a column and a finite value",
                    "correct the line");
  if (row < 1 || row > h.rows || col < 1 || col > h.cols)
    return file.bad("row " + std::to_string(row) + ", column " + std::to_string(col) + " lies outside " +
                        std::to_string(h.rows) + " x " + std::to_string(h.cols),
                    "indices begin with 1");
  if ((h.symmetric || h.skew) && (row < col || (h.skew && row == col)))
    return file.bad("a symmetric file holds the lower half only, a skew one no diagonal",
                    "make it general, or correct the line");
  return Entry{static_cast<std::int32_t>(row - 1), static_cast<std::int32_t>(col - 1), value};
}

Result<std::vector<Entry>> read_entries(LineFile& file, const Header& h) {
  std::vector<Entry> entries;
  for (std::int64_t i = 0; i < h.entries; ++i) {
    const auto e = read_entry(file, h);
    if (!e) return tl::make_unexpected(e.error());
    entries.push_back(*e);
    if (h.symmetric && e->row != e->col) entries.push_back({e->col, e->row, e->value});
    if (h.skew) entries.push_back({e->col, e->row, -e->value});
    if (i % 65536 == 0 && Interrupt::requested())
      return fail(ErrorKind::interrupted, "stopped while reading the matrix", "", "run it again");
  }
  const auto line = file.next_content();
  if (!line) return tl::make_unexpected(line.error());
  if (!line->end) return file.bad("more entries than the file says", "is the file damaged?");
  return entries;
}

/// Sorts by row and column, keeping the order of equal ones, and sums these.
void gather_duplicates(std::vector<Entry>& entries) {
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.row, a.col) < std::tie(b.row, b.col);
  });
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (kept > 0 && entries[kept - 1].row == entries[i].row && entries[kept - 1].col == entries[i].col)
      entries[kept - 1].value += entries[i].value;
    else
      entries[kept++] = entries[i];
  entries.resize(kept);
}

}  // namespace

Result<CsrMatrix> read_matrix_market(const std::string& path, double memory_limit_byte) {
  auto file = LineFile::open(path);
  if (!file) return tl::make_unexpected(file.error());
  auto header = read_banner(*file);
  if (!header) return tl::make_unexpected(header.error());
  if (auto error = read_size(*file, *header, memory_limit_byte))
    return tl::make_unexpected(std::move(*error));
  auto entries = read_entries(*file, *header);
  if (!entries) return tl::make_unexpected(entries.error());
  gather_duplicates(*entries);
  for (const Entry& e : *entries)
    if (!std::isfinite(e.value))
      return fail(ErrorKind::bad_input, "the sum of duplicate entries is too large for a double", "",
                  "correct row " + std::to_string(e.row + 1) + ", column " + std::to_string(e.col + 1));
  auto m = CsrMatrix::make(header->rows, header->cols, std::ssize(*entries));
  if (!m) return m;
  auto* const p = m->pointers.as<std::int64_t>();
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const Entry& e = (*entries)[i];
    ++p[e.row + 1];
    m->columns.as<std::int32_t>()[i] = e.col;
    m->values.as<double>()[i] = e.value;
  }
  for (std::int64_t row = 0; row < m->rows; ++row) p[row + 1] += p[row];
  return m;
}

}  // namespace ridgepoint
