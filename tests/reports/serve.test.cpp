// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "model/core/file_io.h"
#include "model/core/listing.h"
#include "reports/serve/server.h"
#include "tests/reports/documents.h"

namespace ridgepoint::testing_reports {
namespace {

using namespace serve;

Request get(const std::string& target, const std::string& host = "localhost:8090") {
  Request request;
  request.method = "GET";
  request.host = host;
  EXPECT_TRUE(read_target(target, request)) << target;
  return request;
}

Site site(const std::string& token = "") {
  return Site(Folder(RIDGEPOINT_SOURCE_DIR "/tests/golden/input"), RIDGEPOINT_SOURCE_DIR "/configs",
              Guard({"localhost", "127.0.0.1", "[::1]", "box.example"}, token));
}

int status(Site& s, const Request& request) {
  const auto reply = s.handle(request);
  return reply ? reply->status : 0;
}

Json body_of(Site& s, const std::string& target) {
  const auto reply = s.handle(get(target));
  EXPECT_TRUE(reply && reply->status == 200) << target;
  return reply ? *parse_json(*reply->body, target) : Json();
}

TEST(ServeTarget, IsDecodedOnceAndRefusedWhenBroken) {
  Request r;
  ASSERT_TRUE(read_target("/a%20b/c?x=1+2&y=%2541", r));
  EXPECT_EQ(r.path, "/a b/c");
  EXPECT_EQ(r.query["x"], "1 2");
  EXPECT_EQ(r.query["y"], "%41");
  for (const char* bad :
       {"", "a", "http://x/", "/%", "/%4", "/%zz", "/%00", "/%0d%0aX: y", "/?a=1&a=2", "/%ff"}) {
    Request other;
    EXPECT_FALSE(read_target(bad, other)) << bad;
  }
  Request other;
  EXPECT_FALSE(read_target("/" + std::string(3000, 'a'), other));
}

TEST(ServeGuard, AnswersOnlyToNamesOnItsList) {
  Site s = site();
  for (const char* host :
       {"localhost", "LOCALHOST:80", "127.0.0.1:8090", "[::1]:8090", "[::1]", "box.example:1"})
    EXPECT_EQ(status(s, get("/healthz", host)), 200) << host;
  for (const char* host :
       {"", "evil.example", "localhost.evil.example", "localhost:80@evil", "127.0.0.2", "[::2]:1"})
    EXPECT_EQ(status(s, get("/healthz", host)), 421) << host;
}

TEST(ServeGuard, OnlyReads) {
  Site s = site();
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", ""}) {
    Request r = get("/api/v1");
    r.method = method;
    EXPECT_EQ(status(s, r), 405) << method;
  }
}

TEST(ServeGuard, DataNeedTheTokenWhereThereIsOne) {
  Site s = site("0123456789abcdef");
  EXPECT_EQ(status(s, get("/")), 200) << "the page holds no data";
  for (const char* given : {"", "Bearer ", "Bearer 0123456789abcdeX", "Bearer 0123456789abcdef0",
                            "0123456789abcdef", "bearer 0123456789abcdef", "Basic 0123456789abcdef"}) {
    for (const char* path : {"/api/v1", "/api/v1/documents", "/api/v1/recommend?workload=x", "/metrics"}) {
      Request r = get(path);
      r.authorization = given;
      EXPECT_EQ(status(s, r), 401) << path << " " << given;
    }
  }
  Request r = get("/api/v1");
  r.authorization = "Bearer 0123456789abcdef";
  EXPECT_EQ(status(s, r), 200);
  EXPECT_TRUE(equal_in_constant_time("", ""));
  EXPECT_FALSE(equal_in_constant_time("a", ""));
  EXPECT_FALSE(equal_in_constant_time("", "a"));
  EXPECT_FALSE(equal_in_constant_time("ab", "abab"));
}

TEST(ServeSite, ListsAndGivesDocumentsAndNothingElse) {
  Site s = site();
  const Json list = body_of(s, "/api/v1/documents");
  EXPECT_EQ(list.size(), kKinds.size() + 1);
  for (const Json& entry : list) {
    const std::string name = entry["name"];
    const auto reply = s.handle(get("/api/v1/documents/" + name));
    ASSERT_TRUE(reply);
    EXPECT_EQ(*reply->body, *read_text_file(golden_folder() + "input/" + name));
  }
  for (const char* path :
       {"/api/v1/documents/", "/api/v1/documents/none.json", "/api/v1/documents/../runs.json",
        "/api/v1/documents/%2e%2e/runs.json", "/api/v1/documents//etc/passwd",
        "/api/v1/documents/./runs.json", "/api/v1/schemas/../x", "/api/v1/schemas/none", "/x", "/api",
        "/api/v2", "/dashboard.js/", "//"})
    EXPECT_EQ(status(s, get(path)), 404) << path;
}

TEST(ServeSite, RowsAreFlatAndFiltered) {
  Site s = site();
  const Json all = body_of(s, "/api/v1/rows"), runs = body_of(s, "/api/v1/rows?kind=runs"),
             times = body_of(s, "/api/v1/rows?document=runs.json&metric=time");
  EXPECT_GT(all.size(), runs.size());
  EXPECT_GT(runs.size(), times.size());
  ASSERT_GT(times.size(), 0u);
  for (const Json& row : times) {
    EXPECT_EQ(row["metric"], "time");
    EXPECT_EQ(row["document"], "runs.json");
    for (const auto& [key, value] : row.items()) EXPECT_FALSE(value.is_structured()) << key;
  }
  EXPECT_EQ(status(s, get("/api/v1/rows?colour=red")), 400);
  EXPECT_EQ(status(s, get("/api/v1/documents?x=1")), 400);
}

TEST(ServeSite, WhatAClientHasIsNotSentAgain) {
  Site s = site();
  const auto first = s.handle(get("/api/v1/documents/runs.json"));
  ASSERT_TRUE(first && !first->etag.empty());
  for (const std::string& tag :
       {first->etag, "W/" + first->etag, "\"x\", " + first->etag, std::string("*")}) {
    Request r = get("/api/v1/documents/runs.json");
    r.if_none_match = tag;
    const auto again = s.handle(r);
    EXPECT_EQ(again->status, 304) << tag;
    EXPECT_TRUE(again->body->empty());
  }
  Request r = get("/api/v1/documents/runs.json");
  r.if_none_match = "\"other\"";
  EXPECT_EQ(status(s, r), 200);
}

TEST(ServeSite, SchemasStandBesideTheData) {
  Site s = site();
  EXPECT_GT(body_of(s, "/api/v1/schemas").size(), 15u);
  EXPECT_EQ(body_of(s, "/api/v1/schemas/runs")["title"], "Kernels verified and timed on a machine");
}

TEST(ServeSite, ADocumentThatChangesIsReadAgain) {
  std::string folder = testing::TempDir() + "ridgepoint_serve_XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const auto put = [&](const std::string& kind) {
    ASSERT_TRUE(write_file_atomically(folder + "/one.json", *read_text_file(input_path(kind))));
  };
  Folder f(folder);
  put("runs");
  EXPECT_TRUE(f.look());
  EXPECT_EQ(f.entries().at("one.json").kind, "runs");
  put("cost");
  Folder again(folder);
  EXPECT_TRUE(again.look());
  EXPECT_EQ(again.entries().at("one.json").kind, "cost");
  EXPECT_FALSE(again.look()) << "nothing changed, or looked at within the second";
  std::filesystem::remove_all(folder);
}

TEST(ServeQuestions, OnlyPlainWordsOfKnownParametersReachACommand) {
  Site s = site();
  for (const char* query : {"workload=--configs", "workload=-x", "workload=../x", "workload=a%20b",
                            "network=/etc/x.onnx", "network=x.onnx", "platforms=/etc", "configs=/etc",
                            "machine=x", "out=x", "workload=", "objective=%3Bx", "as-of=2017-06%22"})
    EXPECT_EQ(status(s, get(std::string("/api/v1/recommend?") + query)), 400) << query;
  EXPECT_EQ(status(s, get("/api/v1/fit")), 400);
  EXPECT_EQ(status(s, get("/api/v1/recommend?workload=sparse/spmv-27pt&as-of=2017-06")), 0) << "a question";
}

TEST(ServeQuestions, AreAskedAsTheCommandLineWouldAndRemembered) {
  std::vector<std::string> asked;
  const Ask ask = [&](const std::vector<std::string>& words) -> Result<Output> {
    asked = words;
    if (words.back() == "bad") return fail(ErrorKind::bad_input, "no such thing", "", "try another");
    return Output{golden_document("recommendation"), "", 0, false};
  };
  Site s = site();
  Request r = get("/api/v1/recommend?workload=a/b&objective=time");
  const Question question{r.path, r.query};
  EXPECT_FALSE(s.handle(r));
  EXPECT_EQ(s.answered(question, answer(question, ask)).status, 200);
  EXPECT_EQ(asked, (std::vector<std::string>{"recommend", "--workload", "a/b", "--objective", "time"}));
  const auto again = s.handle(r);
  ASSERT_TRUE(again) << "from memory";
  EXPECT_TRUE(parse_document(*again->body, "t"));
  const Question bad{"/api/v1/recommend", {{"workload", "bad"}}};
  EXPECT_EQ(s.answered(bad, answer(bad, ask)).status, 400);
  EXPECT_FALSE(s.handle(get("/api/v1/recommend?workload=bad"))) << "an error is not remembered";
}

TEST(ServeCache, ForgetsTheLeastUsedBeyondItsBound) {
  ReplyCache cache;
  cache.keep("first", reply_of(std::string(15u << 20, 'x')));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(cache.find("first"));
    cache.keep("other" + std::to_string(i), reply_of(std::string(15u << 20, 'y')));
  }
  cache.keep("last", reply_of(std::string(15u << 20, 'z')));
  EXPECT_TRUE(cache.find("last") && cache.find("first"));
  EXPECT_FALSE(cache.find("other0"));
  cache.keep("huge", reply_of(std::string(17u << 20, 'z')));
  EXPECT_FALSE(cache.find("huge")) << "one reply may not drive out all others";
  cache.forget("f");
  EXPECT_FALSE(cache.find("first"));
  EXPECT_TRUE(cache.find("last"));
}

TEST(ServeToken, MustBeLongAndPrivate) {
  const std::string path = testing::TempDir() + "ridgepoint_token";
  std::filesystem::remove(path);
  ASSERT_TRUE(write_file_atomically(path, "0123456789abcdef\n"));
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  EXPECT_EQ(*read_token(path), "0123456789abcdef");
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  const auto shown = read_token(path);
  ASSERT_FALSE(shown);
  EXPECT_TRUE(contains(shown.error().what, "others may read"));
  ASSERT_TRUE(write_file_atomically(path, "short\n"));
  std::filesystem::permissions(path, std::filesystem::perms(0600));
  EXPECT_FALSE(read_token(path));
  std::filesystem::remove(path);
}

TEST(ServeAddress, LoopbackIsToldFromTheRest) {
  EXPECT_TRUE(*is_loopback("127.0.0.1"));
  EXPECT_TRUE(*is_loopback("::1"));
  EXPECT_FALSE(*is_loopback("0.0.0.0"));
  EXPECT_FALSE(*is_loopback("10.0.0.1"));
  EXPECT_FALSE(is_loopback("localhost"));
}

}  // namespace
}  // namespace ridgepoint::testing_reports
