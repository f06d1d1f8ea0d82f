// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// Plain text in columns of a terminal. Every line these functions return fits the width asked for.

namespace ridgepoint::report {

inline constexpr std::size_t kTextColumns = 80;

/// Inside texts given to wrap() and grid(): a space at which no line may break ("1.2 GB/s" stays whole).
inline constexpr char kSolidSpace = '\x01';
/// A place where a line ends in any case.
inline constexpr char kLineEnd = '\x02';

/// Lines of at most `width` columns (width >= 2, so that a wide character fits). Breaks at spaces; a word
/// longer than a line breaks after a separator such as '/' or '-', or anywhere. At least one line.
std::vector<std::string> wrap(std::string_view text, std::size_t width);

/// wrap() with `first` before the first line and as many spaces before the others.
std::vector<std::string> hang(const std::string& first, std::string_view text, std::size_t width);

enum class Justify { left, right };

struct GridColumn {
  std::string heading;
  Justify justify = Justify::left;
};

struct Grid {
  std::vector<GridColumn> columns;
  std::size_t row_header = 0;
  std::vector<std::vector<std::string>> rows;  ///< cells, one per column
};

/// The grid in lines of at most `width` columns (width >= 40). Cells wrap inside their column; columns that
/// do not fit side by side go into a further panel below, which repeats the row header.
std::vector<std::string> grid_lines(const Grid& grid, std::size_t width);

}  // namespace ridgepoint::report
