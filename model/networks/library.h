// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "model/core/result.h"
#include "model/networks/graph.h"

namespace ridgepoint {

/// A built-in network. Weights and layers are its own; batch and resolution are the caller's.
struct NetworkEntry {
  std::string name;     ///< "mlperf-3d-unet-kits19"
  std::string summary;  ///< one line
  std::string source;   ///< repository:path@commit or paper that defines it
  std::string input;    ///< shape when none is asked for, batch first: "1x1x128x128x128"
  Result<net::Graph> (*build)(const net::Shape& input) = nullptr;
  std::int64_t multiple = 1;  ///< spatial extents must be multiples of this
};

/// Networks of one kind, in one file `<id>.network.cpp` that defines `<id>_network` (found by its name).
struct NetworkFamily {
  std::string title;
  std::vector<NetworkEntry> entries;
};

/// Generated from the file names.
const std::vector<const NetworkFamily*>& network_families();

/// The entry of that name, or an error that names the nearest.
Result<const NetworkEntry*> find_network(const std::string& name);

/// `input` with its spatial extents rounded up to what the network can halve again and again.
net::Shape padded_input(const NetworkEntry& entry, net::Shape input);

/// The named network at `input`, or at its own shape when that is empty.
Result<net::Graph> build_network(const std::string& name, const net::Shape& input = {});

}  // namespace ridgepoint
