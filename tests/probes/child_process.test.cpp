// SPDX-License-Identifier: Apache-2.0
#include "probes/child_process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <stdexcept>

#include "model/core/ports.h"

namespace ridgepoint {
namespace {

TEST(InChild, ReturnsTheTextOfTheWork) {
  EXPECT_EQ(in_child([] { return std::string("hello"); }, 10).value_or("?"), "hello");
  EXPECT_EQ(in_child([] { return std::string(); }, 10).value_or("?"), "");
  EXPECT_EQ(in_child([] { return std::string(200'000, 'x'); }, 10).value_or("").size(), 200'000u);
}

TEST(InChild, SurvivesACrash) {
  const auto answer = in_child(
      [] {
        std::signal(SIGSEGV, SIG_DFL);  // a sanitizer's handler would make it an exit
        ::raise(SIGSEGV);
        return std::string("never");
      },
      10);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
  EXPECT_NE(answer.error().why.find("signal " + std::to_string(SIGSEGV)), std::string::npos)
      << answer.error().why;
}

TEST(InChild, SurvivesAnExitAndAnException) {
  EXPECT_FALSE(in_child([]() -> std::string { ::_exit(0); }, 10).value_or("").size());
  EXPECT_FALSE(in_child([]() -> std::string { ::_exit(7); }, 10));
  EXPECT_FALSE(in_child([]() -> std::string { throw std::runtime_error("x"); }, 10));
}

TEST(InChild, EndsAChildThatHangs) {
  const auto answer = in_child(
      [] {
        while (true) ::pause();
        return std::string();
      },
      0.2);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().why, "it took too long");
}

TEST(InChild, RefusesAnEndlessAnswer) {
  EXPECT_FALSE(in_child([] { return std::string(16'000'000, 'x'); }, 10));
}

TEST(InChild, EndsWhenTheUserInterrupts) {
  Interrupt::request();
  const auto answer = in_child(
      [] {
        while (true) ::pause();
        return std::string();
      },
      10);
  Interrupt::clear();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().why, "stopped by the user");
}

TEST(InChild, KeepsTheChildQuiet) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  (void)in_child(
      [] {
        std::cout << "noise" << std::flush;
        std::cerr << "noise";
        return std::string();
      },
      10);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace ridgepoint
