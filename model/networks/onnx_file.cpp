// SPDX-License-Identifier: Apache-2.0
// Reads the file and pins its axes; the operators are in onnx_nodes.cpp.
#include "model/networks/onnx_file.h"

#include <onnx/onnx_pb.h>

#include <fstream>

#include "model/networks/onnx_nodes.h"

namespace ridgepoint {
namespace {

constexpr std::int64_t kMostBytes = std::int64_t{1} << 30;
constexpr std::int64_t kNewestOpset = 17;

tl::unexpected<Error> refused(const std::string& path, const std::string& what, const std::string& why,
                              const std::string& fix) {
  return fail(ErrorKind::bad_input, "'" + printable(path) + "' " + what, why, fix);
}

Result<std::string> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  const std::int64_t size = file ? static_cast<std::int64_t>(file.tellg()) : -1;
  if (size < 0) return fail(ErrorKind::io, "cannot read '" + printable(path) + "'", "", "check the path");
  if (size > kMostBytes)
    return refused(path, "is larger than 1 GiB", "reading stops there, so that no file fills the memory",
                   "export it with its weights as external data; they are not needed here");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  file.seekg(0);
  if (!file.read(bytes.data(), size))
    return fail(ErrorKind::io, "cannot read '" + printable(path) + "'", "it ended early", "check the disk");
  return bytes;
}

Result<void> check_opset(const std::string& path, const onnx::ModelProto& model) {
  for (const auto& set : model.opset_import())
    if ((set.domain().empty() || set.domain() == "ai.onnx") && set.version() > kNewestOpset)
      return refused(path, "uses opset " + std::to_string(set.version()),
                     "operators up to opset 17 have rules here", "export it with opset_version=17 or less");
  return {};
}

/// The shape of one input: as asked for, else as written, free axes from the request.
Result<net::Shape> input_shape(const OnnxRequest& request, const onnx::ValueInfoProto& input, bool first) {
  if (first && !request.input.empty()) return request.input;
  net::Shape shape;
  for (const auto& dim : input.type().tensor_type().shape().dim()) {
    const auto pinned = request.axes.find(dim.dim_param());
    if (dim.has_dim_value() && dim.dim_value() > 0) {
      shape.push_back(dim.dim_value());
    } else if (!dim.dim_param().empty() && pinned != request.axes.end()) {
      shape.push_back(pinned->second);
    } else {
      const std::string axis =
          dim.dim_param().empty() ? "without name" : "'" + printable(dim.dim_param()) + "'";
      return refused(request.path, "leaves the axis " + axis + " of '" + printable(input.name()) + "' free",
                     "sizes are needed to count anything",
                     dim.dim_param().empty()
                         ? "give the whole shape with --input"
                         : "give --axis " + printable(dim.dim_param()) + "=1 or --input SHAPE");
    }
  }
  if (shape.size() < 2)
    return refused(request.path, "has an input '" + printable(input.name()) + "' without batch and channels",
                   "", "give its shape with --input");
  return shape;
}

}  // namespace

bool onnx_file_available() { return true; }

Result<net::Graph> read_onnx_file(const OnnxRequest& request) {
  const auto bytes = bytes_of(request.path);
  if (!bytes) return tl::make_unexpected(bytes.error());
  onnx::ModelProto model;
  if (!model.ParseFromString(*bytes) || model.graph().node_size() == 0)
    return refused(request.path, "is no ONNX model, or it is cut off", "", "export it again");
  if (auto ok = check_opset(request.path, model); !ok) return tl::make_unexpected(ok.error());
  if (model.graph().output_size() == 0)
    return refused(request.path, "names no output", "it may be cut off", "export it again");
  OnnxNodes nodes(model.graph());
  bool first = true;
  for (const auto& input : model.graph().input()) {
    if (nodes.is_weight(input.name())) continue;
    const auto shape = input_shape(request, input, first);
    if (!shape) return tl::make_unexpected(shape.error());
    nodes.add_input(input.name(), *shape);
    first = false;
  }
  auto graph = nodes.build();
  if (!graph) return in_context("'" + printable(request.path) + "'", graph.error());
  return graph;
}

}  // namespace ridgepoint
