// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "model/core/build_info.h"
#include "model/core/document.h"
#include "tests/peers/interleave.h"

namespace ridgepoint::peers {

/// --rounds N --threads 1,2 --only WORD --scale N --json FILE; anything else ends the program with exit 2.
struct Options {
  int rounds = 7;
  std::vector<int> threads = {1, 2};
  std::vector<std::string> only = {};  ///< parts to run; empty: all
  double scale = 1;                    ///< multiplies the sizes
  std::string json = {};               ///< file for the document; "-": stdout instead of the text

  bool wants(const std::string& part) const {
    return only.empty() || std::ranges::find(only, part) != only.end();
  }
};

inline Options parse_options(int argc, char** argv, const std::string& parts) {
  Options o;
  const auto quit = [&] {
    std::fprintf(
        stderr,
        "%s [--rounds N] [--threads 1,2] [--scale FACTOR] [--json FILE|-] [--only PART]...\nparts: %s\n",
        argv[0], parts.c_str());
    std::exit(2);
  };
  for (int i = 1; i < argc; i += 2) {
    const std::string key = argv[i], value = i + 1 < argc ? argv[i + 1] : "";
    if (value.empty()) quit();
    if (key == "--rounds") {
      o.rounds = std::atoi(value.c_str());
    } else if (key == "--threads") {
      o.threads.clear();
      std::istringstream words(value);
      for (std::string word; std::getline(words, word, ',');) o.threads.push_back(std::atoi(word.c_str()));
    } else if (key == "--scale") {
      o.scale = std::strtod(value.c_str(), nullptr);
    } else if (key == "--json") {
      o.json = value;
    } else if (key == "--only") {
      o.only.push_back(value);
    } else {
      quit();
    }
  }
  for (const std::string& part : o.only)  // each stands alone in `parts`, between blanks
    if ((" " + parts + " ").find(" " + part + " ") == std::string::npos) {
      std::fprintf(stderr, "peers: there is no part '%s'\n", part.c_str());
      quit();
    }
  if (o.rounds < 1 || !(o.scale > 0) || std::ranges::any_of(o.threads, [](int t) { return t < 1; })) quit();
  return o;
}

/// Collects the outcomes of a program; prints each when it is there and writes the document at the end.
class Record {
 public:
  Record(const std::string& topic, Options options) : options_(std::move(options)) {
    comparison_.topic = topic;
    Provenance& p = comparison_.provenance;
    const BuildInfo& b = build_info();
    p = {"ridgepoint", b.version,  b.commit,  b.compiler,
         b.flags,      b.packages, utc_now(), "scripts/peers " + topic};
  }
  void add(const Outcome& o) {
    if (options_.json != "-") {
      std::fputs(to_text(o).c_str(), stdout);
      std::fflush(stdout);
    }
    comparison_.matches.push_back(to_match(o));
  }
  /// A comparison that could not be made.
  void skip(const std::string& subject, const std::string& reason) {
    std::fprintf(stderr, "peers: '%s' left out: %s\n", subject.c_str(), reason.c_str());
    comparison_.skipped.push_back({subject, reason});
  }
  void version(const std::string& peer, const std::string& version) { comparison_.versions[peer] = version; }
  /// Writes the document `peers`. The exit code: 0, or 4 if the file cannot be written.
  int close() const {
    if (options_.json.empty()) return 0;
    const auto text = document_text(make_document("peers", comparison_));
    if (!text) return 70;
    if (options_.json == "-") return std::fputs(text->c_str(), stdout) < 0 ? 4 : 0;
    std::ofstream file(options_.json);
    file << *text;
    file.close();
    if (file) return 0;
    std::fprintf(stderr, "peers: cannot write '%s'\n", options_.json.c_str());
    return 4;
  }

 private:
  static std::string utc_now() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    ::gmtime_r(&now, &parts);
    char buffer[32];
    std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return buffer;
  }

  Options options_;
  PeerComparison comparison_;
};

}  // namespace ridgepoint::peers
