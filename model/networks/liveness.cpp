// SPDX-License-Identifier: Apache-2.0
#include "model/networks/liveness.h"

#include <algorithm>
#include <limits>

namespace ridgepoint::net {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

constexpr int kForever = std::numeric_limits<int>::max();

struct Storages {
  std::vector<std::int64_t> bytes;
  std::vector<int> last_use;  ///< operator after which it goes; kForever for outputs
};

Storages storages_of(const Graph& graph, std::int64_t number_bytes) {
  Storages s{std::vector<std::int64_t>(at(graph.storages), 0), std::vector<int>(at(graph.storages), -1)};
  for (const Tensor& t : graph.tensors)
    s.bytes[at(t.storage)] = std::max(s.bytes[at(t.storage)], number_bytes * elements(t.shape));
  for (std::size_t i = 0; i < graph.operators.size(); ++i) {
    const auto use = [&](int tensor) {
      s.last_use[at(graph.tensors[at(tensor)].storage)] = static_cast<int>(i);
    };
    for (const int input : graph.operators[i].inputs) use(input);
    use(graph.operators[i].output);
  }
  for (const int output : graph.outputs) s.last_use[at(graph.tensors[at(output)].storage)] = kForever;
  return s;
}

/// Memory in use, and the most there ever was.
class Meter {
 public:
  void take(std::int64_t bytes, int op, bool backward) {
    live_ += bytes;
    if (live_ > peak_.bytes) peak_ = {live_, op, backward};
  }
  void give(std::int64_t bytes) { live_ -= bytes; }
  const Peak& peak() const { return peak_; }

 private:
  std::int64_t live_ = 0;
  Peak peak_;
};

/// Walks the forward pass; what `kept` names is not given back.
void forward(const Graph& graph, const Storages& s, const std::vector<bool>& kept, Meter& meter,
             std::vector<bool>& live) {
  const auto take = [&](int tensor, int op) {
    const std::size_t storage = at(graph.tensors[at(tensor)].storage);
    if (!live[storage]) meter.take(s.bytes[storage], op, false);
    live[storage] = true;
  };
  for (const int input : graph.inputs) take(input, -1);
  for (std::size_t i = 0; i < graph.operators.size(); ++i) {
    const Operator& op = graph.operators[i];
    take(op.output, static_cast<int>(i));
    std::vector<int> used = op.inputs;
    used.push_back(op.output);
    for (const int tensor : used) {
      const std::size_t storage = at(graph.tensors[at(tensor)].storage);
      if (!live[storage] || kept[storage] || s.last_use[storage] > static_cast<int>(i)) continue;
      meter.give(s.bytes[storage]);
      live[storage] = false;
    }
  }
}

bool shares_gradient(OpKind kind) {
  return kind == OpKind::concat || kind == OpKind::add || kind == OpKind::reshape;
}

/// Gradients by tensor; several may share one block, which goes when the last of them is used up.
class Gradients {
 public:
  Gradients(const Graph& graph, std::int64_t number_bytes, Meter& meter)
      : graph_(graph), number_bytes_(number_bytes), meter_(meter), block_(graph.tensors.size(), -1) {}

  void make(int tensor, int op) {
    if (block_[at(tensor)] >= 0) {  // a second reader's share is made beside the first and added to it
      const std::int64_t bytes = bytes_of_tensor(tensor);
      meter_.take(bytes, op, true);
      meter_.give(bytes);
      return;
    }
    blocks_.push_back({bytes_of_tensor(tensor), 1});
    block_[at(tensor)] = static_cast<int>(blocks_.size()) - 1;
    meter_.take(blocks_.back().bytes, op, true);
  }

  void share(int tensor, int from, int op) {
    if (block_[at(tensor)] >= 0 || block_[at(from)] < 0) return make(tensor, op);
    block_[at(tensor)] = block_[at(from)];
    ++blocks_[at(block_[at(tensor)])].users;
  }

  void drop(int tensor) {
    const int block = std::exchange(block_[at(tensor)], -1);
    if (block < 0 || --blocks_[at(block)].users > 0) return;
    meter_.give(blocks_[at(block)].bytes);
  }

 private:
  struct Block {
    std::int64_t bytes = 0;
    int users = 0;
  };
  std::int64_t bytes_of_tensor(int tensor) const {
    return number_bytes_ * elements(graph_.tensors[at(tensor)].shape);
  }

  const Graph& graph_;
  std::int64_t number_bytes_;
  Meter& meter_;
  std::vector<int> block_;
  std::vector<Block> blocks_;
};

/// Which storages are saved, and by operator those of which it is the first saver: its backward is the last
/// that needs them.
struct Saved {
  std::vector<bool> kept;
  std::vector<std::vector<std::size_t>> first_by;
};

Saved saved_of(const Graph& graph) {
  Saved saved{std::vector<bool>(at(graph.storages), false), {}};
  saved.first_by.resize(graph.operators.size());
  for (std::size_t i = 0; i < graph.operators.size(); ++i)
    for (const int tensor : saved_tensors(graph.operators[i])) {
      const std::size_t storage = at(graph.tensors[at(tensor)].storage);
      if (!saved.kept[storage]) saved.first_by[i].push_back(storage);
      saved.kept[storage] = true;
    }
  return saved;
}

}  // namespace

Peak inference_peak(const Graph& graph, std::int64_t number_bytes) {
  Meter meter;
  std::vector<bool> live(at(graph.storages), false);
  forward(graph, storages_of(graph, number_bytes), std::vector<bool>(at(graph.storages), false), meter, live);
  return meter.peak();
}

Peak training_peak(const Graph& graph, std::int64_t number_bytes, const Totals& costs) {
  const Storages s = storages_of(graph, number_bytes);
  const Saved saved = saved_of(graph);
  std::vector<bool> live(saved.kept.size(), false);
  Meter meter;
  for (const OpCost& cost : costs.operators) meter.take(cost.side_bytes, -1, false);
  forward(graph, s, saved.kept, meter, live);

  Gradients gradients(graph, number_bytes, meter);
  for (const int output : graph.outputs) gradients.make(output, graph.tensors[at(output)].producer);
  for (std::size_t i = graph.operators.size(); i-- > 0;) {
    const Operator& op = graph.operators[i];
    for (const int input : op.inputs) {
      if (graph.tensors[at(input)].producer < 0) continue;
      if (shares_gradient(op.kind))
        gradients.share(input, op.output, static_cast<int>(i));
      else
        gradients.make(input, static_cast<int>(i));
    }
    gradients.drop(op.output);
    meter.give(costs.operators[i].side_bytes);
    for (const std::size_t storage : saved.first_by[i])
      if (live[storage] && s.last_use[storage] != kForever) {
        meter.give(s.bytes[storage]);
        live[storage] = false;
      }
  }
  return meter.peak();
}

}  // namespace ridgepoint::net
