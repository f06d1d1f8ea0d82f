// SPDX-License-Identifier: Apache-2.0
// Gradients, three ways: the executor's, those of the operators' definitions, and central differences.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "model/networks/builder.h"
#include "model/networks/library.h"
#include "workloads/dnn/training_check.h"

namespace ridgepoint {
namespace {

using net::Builder;
using net::OpKind;
using net::TensorId;

#define SKIP_WITHOUT_ONEDNN()                                                        \
  if (const auto trouble = element_trouble(net::Element::fp32); trouble.has_value()) \
  GTEST_SKIP() << trouble->what

struct Tiny {
  const char* name;
  net::Shape input;
  void (*write)(Builder&, TensorId);
  double step = 0x1.0p-18;  ///< small enough that no ReLU and no maximum changes its mind
};

TensorId conv(Builder& b, TensorId x, const std::string& name, std::int64_t channels, const net::Window& w,
              std::int64_t groups = 1) {
  return b.conv(x, name, {.channels = channels, .window = w, .groups = groups});
}

void head(Builder& b, TensorId x) { b.output(conv(b, x, "head", 3, net::same(1))); }

const net::Window kHalve = {.kernel = {2}, .stride = {2}};

// Every operator that trains, with blocks filled and not, read once and twice, one instance and two.
const Tiny kTiny[] = {
    {"geometries of convolutions",
     {2, 3, 5, 6, 7},
     [](Builder& b, TensorId x) {
       x = b.activation(conv(b, x, "a", 8, net::same(3, 2)), "a.act", OpKind::tanh);
       x = b.activation(conv(b, x, "b", 16, net::same(3, 1, 2), 8), "b.act", OpKind::sigmoid);
       head(b, b.activation(conv(b, x, "c", 5, net::valid(2)), "c.act", OpKind::elu, 1.0));
     }},
    {"transposed convolutions",
     {2, 4, 3, 3, 3},
     [](Builder& b, TensorId x) {
       x = b.activation(b.conv_transposed(x, "a", {.channels = 16, .window = kHalve}), "a.act", OpKind::tanh);
       head(b,
            b.conv_transposed(x, "b", {.channels = 6, .window = {.kernel = {3}, .stride = {2}, .pad = {1}}}));
     }},
    {"instance norms of two instances",
     {2, 2, 4, 5, 4},
     [](Builder& b, TensorId x) {
       x = b.norm(conv(b, x, "a", 16, net::same(3)), "a.norm", OpKind::instance_norm);
       x = b.activation(x, "a.act", OpKind::leaky_relu, 0.1);
       x = b.norm(conv(b, x, "b", 5, net::same(3)), "b.norm", OpKind::instance_norm);
       head(b, b.activation(x, "b.act", OpKind::relu));
     }},
    {"instance norm of one instance, without scale",
     {1, 2, 4, 5, 4},
     [](Builder& b, TensorId x) {
       x = b.norm(conv(b, x, "a", 16, net::same(3)), "a.norm", OpKind::instance_norm, false);
       head(b, b.activation(x, "a.act", OpKind::relu));
     }},
    {"batch norms and sums",
     {3, 2, 6, 6},
     [](Builder& b, TensorId x) {
       x = b.norm(conv(b, x, "a", 16, net::same(3)), "a.norm", OpKind::batch_norm);
       x = b.activation(x, "a.act", OpKind::relu);
       TensorId y = b.norm(conv(b, x, "b", 16, net::same(3)), "b.norm", OpKind::batch_norm);
       y = b.activation(b.add(y, x, "b.add", true), "b.act", OpKind::relu);
       TensorId z = b.norm(conv(b, y, "c", 16, net::same(3)), "c.norm", OpKind::batch_norm, false);
       head(b, b.activation(b.add(z, y, "c.add", true), "c.act", OpKind::relu));
     }},
    {"pools that overlap, linear layer",
     {2, 2, 9, 9},
     [](Builder& b, TensorId x) {
       x = b.activation(conv(b, x, "a", 16, net::same(3)), "a.act", OpKind::tanh);
       x = b.pool(x, "max", OpKind::max_pool, {.kernel = {3}, .stride = {2}, .pad = {1}});
       x = b.activation(conv(b, x, "b", 7, net::same(1)), "b.act", OpKind::tanh);
       x = b.pool(x, "avg", OpKind::average_pool, {.kernel = {3}, .stride = {1}, .pad = {1}});
       x = b.pool(x, "padded", OpKind::average_pool,
                  {.kernel = {3}, .stride = {2}, .pad = {1}, .include_pad = true});
       b.output(b.linear(b.global_average_pool(x, "all"), "head", 4));
     }},
    {"concats of what others read too",
     {1, 2, 4, 4, 4},
     [](Builder& b, TensorId x) {
       const TensorId wide = b.activation(conv(b, x, "a", 16, net::same(3)), "a.act", OpKind::tanh);
       const TensorId odd = b.activation(conv(b, wide, "b", 5, net::same(3)), "b.act", OpKind::tanh);
       const TensorId both = b.concat({wide, odd, wide}, "one");
       const TensorId more = b.activation(conv(b, both, "c", 32, net::same(3)), "c.act", OpKind::tanh);
       head(b, b.concat({more, wide, odd}, "two"));
     }},
    {"resizes, softmax, dropout",
     {2, 2, 3, 4, 3},
     [](Builder& b, TensorId x) {
       x = b.activation(conv(b, x, "a", 8, net::same(3)), "a.act", OpKind::tanh);
       x = b.dropout(b.resize(x, "near", {6, 8, 6}, false), "drop", 0.4, false);
       x = b.softmax(conv(b, x, "b", 16, net::same(1)), "soft");
       x = b.dropout(b.resize(x, "linear", {9, 8, 12}, true), "channels", 0.5, true);
       head(b, x);
     }},
    {"shared weights, two outputs",
     {1, 4, 6, 6},
     [](Builder& b, TensorId x) {
       b.share_weights(true);
       x = b.activation(conv(b, x, "s", 4, net::same(3)), "one.act", OpKind::tanh);
       x = b.activation(conv(b, x, "s", 4, net::same(3)), "two.act", OpKind::tanh);
       b.share_weights(false);
       b.output(conv(b, x, "early", 3, net::same(1)));
       head(b, b.pool(x, "pool", OpKind::max_pool, kHalve));
     }},
    {"small U-Net",
     {2, 1, 8, 8, 8},
     [](Builder& b, TensorId x) {
       const auto block = [&](TensorId t, const std::string& name, std::int64_t channels,
                              std::int64_t stride) {
         t = b.conv(t, name, {.channels = channels, .window = net::same(3, stride), .bias = false});
         return b.activation(b.norm(t, name + ".n", OpKind::instance_norm), name + ".a", OpKind::relu);
       };
       const TensorId top = block(x, "top", 8, 1), low = block(top, "low", 16, 2);
       const TensorId deep = block(low, "deep", 16, 2);
       const TensorId up = b.conv_transposed(deep, "up1", {.channels = 16, .window = kHalve});
       const TensorId mid = block(b.concat({up, low}, "skip1"), "mid", 16, 1);
       const TensorId full = b.conv_transposed(mid, "up2", {.channels = 8, .window = kHalve});
       head(b, block(b.concat({full, top}, "skip2"), "last", 8, 1));
     },
     0x1.0p-23}};

struct Ready {
  net::Graph graph;
  NetworkValues values;
  std::vector<Target> targets;
  TrainingCase parts(LossKind loss = LossKind::cross_entropy) const {
    return {graph, values, targets, loss, {.training = true, .seed = 1}};
  }
};

Ready ready(net::Graph graph, LossKind loss = LossKind::cross_entropy) {
  Ready r{std::move(graph), {}, {}};
  r.values = random_values(r.graph, 7);
  for (const int output : r.graph.outputs)
    r.targets.push_back(
        random_target(loss, extents_of(r.graph.tensors[static_cast<std::size_t>(output)].shape), 3));
  return r;
}

Result<Ready> ready(const Tiny& t) {
  Builder b(t.name);
  t.write(b, b.input("x", t.input));
  auto graph = b.finish();
  if (!graph) return tl::make_unexpected(graph.error());
  return ready(std::move(*graph));
}

Result<std::unique_ptr<Executor>> executor_of(const Ready& r, LossKind loss = LossKind::cross_entropy) {
  auto made =
      make_executor(r.graph, r.values,
                    {.threads = 2, .seed = 1, .training = TrainingOptions{.loss = loss, .update = false}});
  for (std::size_t i = 0; made && i < r.targets.size(); ++i) (*made)->set_target(i, r.targets[i]);
  return made;
}

// The definitions first: all in double, so the bound is the curvature over the step (1e-11) and the rounding
// of the loss's last bit over the step (1e-10); 1e-7 leaves room and no wrong term hides in it.
TEST(Gradient, DefinitionsAgreeWithCentralDifferences) {
  Team team({0, 0});
  for (const Tiny& t : kTiny) {
    const auto r = ready(t);
    ASSERT_TRUE(r) << t.name << ": " << r.error().what << r.error().why;
    const auto gradients = reference_gradients(r->parts(), team);
    ASSERT_TRUE(gradients) << t.name << ": " << gradients.error().what;
    const auto check = check_difference(r->parts(), *gradients, t.step, team);
    ASSERT_TRUE(check);
    EXPECT_EQ(check->kinks, 0) << t.name;
    EXPECT_LT(check->error, 1e-7) << t.name << ": " << check->got << " against " << check->expected;
  }
}

// Then the executor: FP32 sums of some thousand terms through up to ten layers.
TEST(Gradient, OfEveryOperatorIsThatOfItsDefinition) {
  SKIP_WITHOUT_ONEDNN();
  Team team({0, 0});
  for (const Tiny& t : kTiny) {
    const auto r = ready(t);
    ASSERT_TRUE(r) << t.name << ": " << r.error().what;
    const auto made = executor_of(*r);
    ASSERT_TRUE(made) << t.name << ": " << made.error().what << "; " << made.error().why;
    const auto checked = check_training(r->parts(), **made, 40);
    ASSERT_TRUE(checked) << t.name << ": " << checked.error().what;
    EXPECT_LT(checked->worst, training_tolerance(r->graph)) << t.name << " in " << checked->where;
    const auto wanted = reference_gradients(r->parts(), team);
    ASSERT_TRUE(wanted);
    double largest = 0;
    for (const std::vector<double>& list : *wanted)
      for (const double g : list) largest = std::max(largest, std::abs(g));
    for (std::size_t p = 0; p < wanted->size(); ++p) {
      const std::vector<float> got = (*made)->gradient(static_cast<int>(p));
      ASSERT_EQ(got.size(), (*wanted)[p].size()) << t.name << " " << r->graph.parameters[p].name;
      double worst = 0;
      for (std::size_t i = 0; i < got.size(); ++i)
        worst = std::max(worst, std::abs(static_cast<double>(got[i]) - (*wanted)[p][i]));
      EXPECT_LT(worst / largest, 1e-5) << t.name << " by " << r->graph.parameters[p].name;
    }
  }
}

struct Whole {
  const char* name;
  net::Shape input;
  LossKind loss = LossKind::cross_entropy;
};

// Whole networks, number by number from what the step really had: the bound is that of one FP32 sum, whatever
// the depth, and no kink can blur it.
TEST(Gradient, OfWholeNetworksIsThatOfTheirLayers) {
  SKIP_WITHOUT_ONEDNN();
  const Whole networks[] = {{"mlperf-3d-unet-kits19", {1, 1, 32, 32, 32}},
                            {"dsb2017-nodule-detector", {2, 1, 16, 16, 16}, LossKind::detector},
                            {"resnet50", {2, 3, 64, 64}}};
  for (const Whole& w : networks) {
    auto graph = build_network(w.name, w.input);
    ASSERT_TRUE(graph);
    const Ready r = ready(std::move(*graph), w.loss);
    const auto made = executor_of(r, w.loss);
    ASSERT_TRUE(made) << w.name << ": " << made.error().what << "; " << made.error().why;
    const auto checked = check_training(r.parts(w.loss), **made, 5);
    ASSERT_TRUE(checked) << w.name << ": " << checked.error().what;
    EXPECT_LT(checked->worst, training_tolerance(r.graph)) << w.name << " in " << checked->where;
    EXPECT_GT(checked->rows, 500) << w.name;
  }
}

#if !defined(__SANITIZE_ADDRESS__)
/// A line of this process's status, bytes; 0 where the system does not tell.
double status_bytes(const std::string& key) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(key)) return 1024 * std::stod(line.substr(key.size()));
  return 0;
}

// The peak of making it and of two steps; 10 % is what the plan promises.
TEST(Training, PeakMemoryIsThePlannedOne) {
  SKIP_WITHOUT_ONEDNN();
  const Whole networks[] = {{"mlperf-3d-unet-kits19", {1, 1, 32, 32, 32}},
                            {"dsb2017-nodule-detector", {1, 1, 64, 64, 64}, LossKind::detector},
                            {"resnet50", {2, 3, 128, 128}}};
  for (const Whole& w : networks) {
    auto graph = build_network(w.name, w.input);
    ASSERT_TRUE(graph);
    const Ready r = ready(std::move(*graph), w.loss);
    malloc_trim(0);  // what earlier work left behind would be used again, unseen
    if (!(std::ofstream("/proc/self/clear_refs") << "5" << std::flush))
      GTEST_SKIP() << "this system does not forget a process's peak";
    const double before = status_bytes("VmRSS:");
    const auto made =
        make_executor(r.graph, r.values, {.threads = 2, .training = TrainingOptions{.loss = w.loss}});
    ASSERT_TRUE(made) << made.error().what;
    for (std::size_t i = 0; i < r.targets.size(); ++i) (*made)->set_target(i, r.targets[i]);
    ASSERT_TRUE((*made)->run() && (*made)->run());
    const double used = status_bytes("VmHWM:") - before, planned = (*made)->memory().total();
    RecordProperty(w.name, std::to_string(used / planned));
    EXPECT_NEAR(used / planned, 1, 0.1) << w.name << ": " << used << " against " << planned;
  }
}
#endif

}  // namespace
}  // namespace ridgepoint
