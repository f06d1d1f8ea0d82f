// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

// Where words go on a chart so that none covers another. Coordinates are pixels of the drawing, y downwards.

namespace ridgepoint::report {

struct Pixel {
  double x = 0, y = 0;
};

struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
};

bool overlap(const Box& a, const Box& b);
bool inside(const Box& inner, const Box& outer);

/// A square of half-width `reach` around a point.
Box box_around(Pixel centre, double reach);

/// A straight line as a chain of boxes, each at most `thickness` wide: good enough to keep words off it.
std::vector<Box> boxes_along(Pixel from, Pixel to, double thickness);

enum class Anchor { start, middle, end };

/// Words at a place. `at` is the middle of the words' height; `boxes` cover them (several for slanted words).
struct Label {
  std::string words;
  Pixel at;
  Anchor anchor = Anchor::start;
  double degrees = 0;  ///< anticlockwise around `at`; anchor is then middle
  std::vector<Box> boxes;
};

inline constexpr double kLabelHeight = 15;  ///< of 12 px letters with air

/// Upper estimate of the width of words in 12 px letters.
double width_of(const std::string& words);

/// At most `columns` columns; longer words end in an ellipsis. Made visible() first.
std::string shortened(const std::string& words, std::size_t columns);

Label level_label(std::string words, Pixel at, Anchor anchor);
Label slanted_label(std::string words, Pixel middle, double degrees);

/// Greedy placement: each request takes its first candidate that is free. Deterministic.
class LabelPlacer {
 public:
  explicit LabelPlacer(Box area) : area_(area) {}
  /// Nothing may cover these.
  void keep_clear(const std::vector<Box>& boxes);
  /// Covering these is allowed when there is no better place: lines stay readable under words with a halo.
  void avoid(const std::vector<Box>& boxes);
  /// The first candidate free of everything, else the first free of what must be kept clear, else none: the
  /// table beside the chart still names the thing.
  std::optional<Label> place(const std::vector<Label>& candidates);

 private:
  Box area_;
  std::vector<Box> taken_, lines_;
};

}  // namespace ridgepoint::report
