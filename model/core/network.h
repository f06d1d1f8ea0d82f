// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/core/fact.h"
#include "model/core/provenance.h"

namespace ridgepoint {

/// One operator of a described network, forward.
struct NetworkLayer {
  std::string name;
  std::string kind;      ///< "convolution", "instance-norm" ...
  std::string output;    ///< shape, batch first: "1x32x128x128x128"
  std::string geometry;  ///< kernel, stride ... as words; empty where there is none
  std::int64_t parameters = 0, macs = 0, read_byte = 0, written_byte = 0;
  std::int64_t saved_byte = 0;            ///< first kept for the backward pass by this operator
  std::optional<std::string> fused_into;  ///< operator whose kernel can do this one's work at inference
};

template <class Io>
void fields(Io& io, NetworkLayer& l) {
  io.field("name", l.name);
  io.field("kind", l.kind);
  io.field("output", l.output);
  io.field("geometry", l.geometry);
  io.field("parameters", l.parameters);
  io.field("macs", l.macs);
  io.field("read_byte", l.read_byte);
  io.field("written_byte", l.written_byte);
  io.field("saved_byte", l.saved_byte);
  io.field("fused_into", l.fused_into);
}

/// The document `network`: what one network needs at one shape, precision and phase, on no platform yet.
struct NetworkDescription {
  Provenance provenance;
  std::string name;
  std::string summary;
  std::string source;               ///< definition it follows, or the file it was read from
  std::vector<std::string> inputs;  ///< "image 1x1x128x128x128"
  std::string precision;            ///< of the tensors: fp32 | bf16 | fp16 | int8
  std::string phase;                ///< training | inference
  Facts figures;
  double intensity_flop_byte = 0;  ///< work over unfused traffic
  std::vector<NetworkLayer> layers;
  std::vector<std::string> limits;
};

template <class Io>
void fields(Io& io, NetworkDescription& n) {
  io.field("provenance", n.provenance);
  io.field("name", n.name);
  io.field("summary", n.summary);
  io.field("source", n.source);
  io.field("inputs", n.inputs);
  io.field("precision", n.precision);
  io.field("phase", n.phase);
  io.field("figures", n.figures);
  io.field("intensity_flop_byte", n.intensity_flop_byte);
  io.field("layers", n.layers);
  io.field("limits", n.limits);
}

// Compiled once, in documents.cpp.
extern template Json encode(const NetworkDescription&);
extern template Result<NetworkDescription> decode<NetworkDescription>(const Json&, const std::string&);

}  // namespace ridgepoint
