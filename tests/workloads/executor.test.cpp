// SPDX-License-Identifier: Apache-2.0
// Whole networks through oneDNN against plain loops in double.
#include "workloads/dnn/executor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "model/networks/library.h"
#include "workloads/dnn/conv_kernel.h"
#include "workloads/dnn/network_check.h"

namespace ridgepoint {
namespace {

struct Made {
  net::Graph graph;
  NetworkValues values;
  std::unique_ptr<Executor> executor;
};

Result<Made> make(const std::string& name, const net::Shape& input, ExecutorOptions options = {}) {
  auto graph = build_network(name, input);
  if (!graph) return tl::make_unexpected(graph.error());
  NetworkValues values = random_values(*graph, 7);
  if (options.threads == 1) options.threads = 2;
  auto executor = make_executor(*graph, values, options);
  if (!executor) return tl::make_unexpected(executor.error());
  return Made{std::move(*graph), std::move(values), std::move(*executor)};
}

#define SKIP_WITHOUT_ONEDNN()                                                        \
  if (const auto trouble = element_trouble(net::Element::fp32); trouble.has_value()) \
  GTEST_SKIP() << trouble->what

/// Largest error of an output relative to its largest number.
double distance(const std::vector<float>& got, const std::vector<double>& want) {
  double most = 0, worst = 0;
  for (const double v : want) most = std::max(most, std::abs(v));
  for (std::size_t i = 0; i < want.size(); ++i) {
    const double error = std::abs(static_cast<double>(got[i]) - want[i]);
    worst = std::isnan(error) ? HUGE_VAL : std::max(worst, error);
  }
  return worst / most;
}

struct Case {
  const char* name;
  net::Shape input;
};

TEST(Executor, WholeNetworksAgreeWithPlainLoops) {
  SKIP_WITHOUT_ONEDNN();
  const Case cases[] = {{"mlperf-3d-unet-kits19", {1, 1, 32, 32, 32}},
                        {"vnet", {1, 1, 16, 16, 16}},
                        {"dsb2017-nodule-detector", {1, 1, 16, 16, 16}},
                        {"medicalnet-resnet10", {1, 1, 16, 16, 16}},
                        {"resnet50", {2, 3, 64, 64}},
                        {"chest-densenet121", {1, 3, 64, 64}}};
  Team team({0, 0});
  for (const Case& c : cases) {
    const auto made = make(c.name, c.input);
    ASSERT_TRUE(made) << c.name << ": " << made.error().what << "; " << made.error().why;
    ASSERT_TRUE(made->executor->run());
    const auto reference = reference_run(made->graph, made->values, {}, team);
    ASSERT_TRUE(reference) << reference.error().what;
    for (std::size_t i = 0; i < made->graph.outputs.size(); ++i) {
      const auto& want = (*reference)[static_cast<std::size_t>(made->graph.outputs[i])].data;
      const double d = distance(made->executor->output(i), want);
      RecordProperty(std::string(c.name) + std::to_string(i), std::to_string(d));
      EXPECT_LT(d, 1e-4) << c.name;
    }
  }
}

void expect_every_unit_right(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    const auto made = make(c.name, c.input);
    ASSERT_TRUE(made) << c.name << ": " << made.error().what << "; " << made.error().why;
    const auto checked = check_forward(made->graph, made->values, *made->executor, {}, 5);
    ASSERT_TRUE(checked) << c.name << ": " << checked.error().what;
    EXPECT_LT(checked->worst, check_tolerance(made->graph, net::Element::fp32))
        << c.name << " in " << checked->where;
    EXPECT_GT(checked->rows, 20) << c.name;
  }
}

// Small shapes; two instances where the norm of instances must be told apart.
TEST(Executor, EveryUnitOfSegmentersIsRight) {
  SKIP_WITHOUT_ONEDNN();
  expect_every_unit_right({{"mlperf-3d-unet-kits19", {2, 1, 32, 32, 32}},
                           {"mlperf-3d-unet-brats19", {2, 4, 32, 32, 32}},
                           {"nvidia-3d-unet-brats-tf1", {1, 4, 32, 32, 32}},
                           {"stu-net-s", {1, 1, 32, 32, 32}},
                           {"intelai-3d-unet", {1, 1, 16, 16, 16}},
                           {"vnet", {1, 1, 16, 16, 32}}});
}

TEST(Executor, EveryUnitOfDetectorsIsRight) {
  SKIP_WITHOUT_ONEDNN();
  expect_every_unit_right({{"nnunet-3d-resenc", {1, 1, 32, 32, 32}},
                           {"deeplung-dpn26", {1, 1, 32, 32, 32}},
                           {"nndetection-retinaunet", {1, 1, 32, 32, 32}},
                           {"cosmoflow", {1, 4, 32, 32, 32}}});
}

TEST(Executor, EveryUnitOfClassifiersIsRight) {
  SKIP_WITHOUT_ONEDNN();
  expect_every_unit_right({{"resnet18", {2, 3, 64, 64}},
                           {"nyu-mammography-exam", {1, 1, 130, 110}},
                           {"gmic-global", {1, 1, 96, 64}},
                           {"googlenet", {1, 3, 96, 96}},
                           {"inception-v3", {1, 3, 107, 107}},
                           {"alexnet", {1, 3, 227, 227}},
                           {"dlrm-mlps", {8, 13}}});
}

TEST(Executor, HalfPrecisionIsAsGoodAsItsBits) {
  SKIP_WITHOUT_ONEDNN();
  if (const auto trouble = element_trouble(net::Element::bf16)) GTEST_SKIP() << trouble->what;
  const Case cases[] = {{"mlperf-3d-unet-kits19", {1, 1, 32, 32, 32}}, {"resnet50", {1, 3, 64, 64}}};
  for (const Case& c : cases) {
    const auto made = make(c.name, c.input, {.element = net::Element::bf16});
    ASSERT_TRUE(made) << c.name << ": " << made.error().what << "; " << made.error().why;
    const auto checked = check_forward(made->graph, made->values, *made->executor, {}, 5);
    ASSERT_TRUE(checked) << checked.error().what;
    EXPECT_LT(checked->worst, check_tolerance(made->graph, net::Element::bf16)) << checked->where;
    EXPECT_GT(checked->worst, check_tolerance(made->graph, net::Element::fp32)) << "it is FP32 after all";
  }
}

TEST(Executor, FusionChangesTheUnitsAndNotTheAnswer) {
  SKIP_WITHOUT_ONEDNN();
  const auto fused = make("resnet50", {1, 3, 64, 64});
  const auto apart = make("resnet50", {1, 3, 64, 64}, {.fuse = false});
  ASSERT_TRUE(fused && apart);
  EXPECT_LT(fused->executor->units().size() * 2, apart->executor->units().size());
  ASSERT_TRUE(fused->executor->run() && apart->executor->run());
  const std::vector<float> a = fused->executor->output(0), b = apart->executor->output(0);
  EXPECT_LT(distance(a, {b.begin(), b.end()}), 1e-5);
}

TEST(Executor, ASecondRunGivesTheSameBits) {
  SKIP_WITHOUT_ONEDNN();
  const auto made = make("dsb2017-nodule-detector", {1, 1, 16, 16, 16});
  ASSERT_TRUE(made);
  ASSERT_TRUE(made->executor->run());
  const std::vector<float> first = made->executor->output(0);
  ASSERT_TRUE(made->executor->run());
  EXPECT_EQ(first, made->executor->output(0));
}

TEST(Executor, MemoryIsSharedAndALimitRefused) {
  SKIP_WITHOUT_ONEDNN();
  const auto made = make("mlperf-3d-unet-kits19", {1, 1, 32, 32, 32});
  ASSERT_TRUE(made);
  const PlannedMemory& m = made->executor->memory();
  EXPECT_LT(m.arena_byte, 0.5 * m.unshared_byte);
  EXPECT_GE(m.weight_byte, 4.0 * 31190243);  // parameters; layouts may add padding
  EXPECT_LT(m.weight_byte, 4.4 * 31190243);
  const auto refused = make("mlperf-3d-unet-kits19", {1, 1, 32, 32, 32}, {.memory_limit_byte = 1e8});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
}

TEST(Executor, WhatCannotRunIsNamed) {
  SKIP_WITHOUT_ONEDNN();
  const auto made = make("nndetection-retinaunet", {1, 1, 32, 32, 32}, {.training = TrainingOptions{}});
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().what.find("'group-norm' of 'cls.0.norm'"), std::string::npos) << made.error().what;
}

TEST(Training, BothOptimizersDoWhatTheirFormulasSay) {
  SKIP_WITHOUT_ONEDNN();
  for (const Optimizer optimizer : {Optimizer::sgd, Optimizer::adam}) {
    const TrainingOptions t{.optimizer = optimizer, .rate = 0.001};
    const auto made = make("pathology-resnet50", {2, 3, 64, 64}, {.training = t});
    ASSERT_TRUE(made) << made.error().what;
    made->executor->set_target(0, random_target(LossKind::cross_entropy, {2, 2, 1, 1, 1}, 3));
    const int p = static_cast<int>(made->graph.parameters.size()) - 2;
    std::vector<double> weights, first, second;
    for (const float w : made->executor->parameter(p)) weights.push_back(static_cast<double>(w));
    first.assign(weights.size(), 0);
    second = first;
    for (int step = 1; step <= 3; ++step) {
      ASSERT_TRUE(made->executor->run());
      const std::vector<float> gradient = made->executor->gradient(p);
      for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto g = static_cast<double>(gradient[i]);
        if (optimizer == Optimizer::sgd) {
          first[i] = 0.9 * first[i] + g;
          weights[i] -= 0.001 * first[i];
          continue;
        }
        first[i] = 0.9 * first[i] + 0.1 * g;
        second[i] = 0.999 * second[i] + 0.001 * g * g;
        weights[i] -= 0.001 * first[i] / (1 - std::pow(0.9, step)) /
                      (std::sqrt(second[i] / (1 - std::pow(0.999, step))) + 1e-8);
      }
    }
    EXPECT_LT(distance(made->executor->parameter(p), weights), 1e-5);
  }
}

TEST(Training, TheLossFalls) {
  SKIP_WITHOUT_ONEDNN();
  const auto made = make(
      "dsb2017-nodule-detector", {2, 1, 16, 16, 16},
      {.training = TrainingOptions{.loss = LossKind::detector, .optimizer = Optimizer::adam, .rate = 1e-3}});
  ASSERT_TRUE(made);
  made->executor->set_target(0, random_target(LossKind::detector, {2, 15, 4, 4, 4}, 3));
  ASSERT_TRUE(made->executor->run());
  const double first = made->executor->loss();
  for (int step = 0; step < 15; ++step) ASSERT_TRUE(made->executor->run());
  EXPECT_LT(made->executor->loss(), 0.7 * first);
}

TEST(Convolution, EveryCaseOfTheFileIsAShapeOfTheKernels) {
  std::ifstream file(std::string(RIDGEPOINT_SOURCE_DIR) + "/configs/cases/medical-conv.txt");
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) continue;
    ++cases;
    const auto shape = Shape::parse(line.substr(line.find(' ') + 1), kConvDefault);
    ASSERT_TRUE(shape) << line;
    const auto made = conv_case(*shape);
    ASSERT_TRUE(made) << line << ": " << made.error().why;
    if (line.starts_with("unet3d/enc0.1 ")) {
      EXPECT_EQ(made->macs, 128.0 * 128 * 128 * 32 * 32 * 27);
    }
  }
  EXPECT_GT(cases, 200);
}

TEST(Convolution, EachDirectionIsRightForEveryKindOfGeometry) {
  SKIP_WITHOUT_ONEDNN();
  const char* shapes[] = {"d=9 h=8 w=7",
                          "d=8 h=9 w=10 stride=2 oc=48",
                          "d=1 h=31 w=20 kd=1 kh=7 kw=7 stride=2 ic=3",
                          "d=6 h=6 w=9 groups=8 ic=64 oc=64",
                          "d=9 h=9 w=9 dilation=2",
                          "d=8 h=8 w=8 kd=1 kh=1 kw=1",
                          "batch=2 d=1 h=12 w=9 kd=1 kh=1 kw=7",
                          "d=8 h=8 w=8 kd=2 kh=2 kw=2 stride=2 border=2"};
  for (const char* text : shapes)
    for (const Direction direction :
         {Direction::forward, Direction::backward_data, Direction::backward_weights}) {
      const auto p = prepare_conv({.shape = *Shape::parse(text, kConvDefault), .cpus = {0, 0}}, direction);
      ASSERT_TRUE(p) << text << ": " << p.error().what << "; " << p.error().why;
      EXPECT_TRUE(p->verification.passed) << text << ": " << p->verification.error;
      EXPECT_GT(p->cost.work_flop, 0);
    }
}

TEST(Convolution, AnImpossibleShapeIsRefused) {
  const auto shape = Shape::parse("d=2 h=2 w=2 border=2", kConvDefault);
  const auto p = prepare_conv({.shape = *shape, .cpus = {0}}, Direction::forward);
  ASSERT_FALSE(p);
  EXPECT_EQ(p.error().kind, ErrorKind::bad_input);
}

}  // namespace
}  // namespace ridgepoint
