// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "reports/label_placement.h"

// What every chart is drawn with. Styles are the classes of html_style.cpp.

namespace ridgepoint::report {

/// One decimal, no locale, no "-0.0".
std::string svg_number(double value);
/// ` name="value"`, escaped.
std::string svg_attribute(std::string_view name, const std::string& value);
std::string svg_line(Pixel from, Pixel to, std::string_view style);
std::string svg_words(const Label& label, std::string_view style);
/// The shape that marker_name(index) names.
std::string svg_marker(Pixel at, std::size_t index);
/// The frame of a plot.
std::string svg_frame(const Box& plot);
/// The opening tag, with title and description for readers who do not see the picture.
std::string svg_open(const std::string& id, double width, double height, const std::string& title,
                     const std::string& description);

/// "circle", "square" ...: 16 marks that differ without colour, then they repeat.
std::string_view marker_name(std::size_t index);

}  // namespace ridgepoint::report
