// SPDX-License-Identifier: Apache-2.0
// The counter survey through PAPI. papi_counters.nopapi.cpp is its twin for builds without PAPI.
#include <papi.h>

#include <algorithm>

#include "model/core/format.h"
#include "probes/counters_loop.h"

namespace ridgepoint {
namespace {

/// An event set that is emptied and destroyed whatever happened to it.
class EventSet {
 public:
  EventSet() { status_ = PAPI_create_eventset(&set_); }
  EventSet(const EventSet&) = delete;
  EventSet& operator=(const EventSet&) = delete;
  ~EventSet() {
    if (set_ == PAPI_NULL) return;
    if (stuck_) {  // PAPI takes it for still counting and refuses every later set: begin anew
      PAPI_shutdown();
      PAPI_library_init(PAPI_VER_CURRENT);
      return;
    }
    PAPI_cleanup_eventset(set_);
    PAPI_destroy_eventset(&set_);
  }

  /// Adds, starts, runs the known loop, stops and reads. A PAPI error code, or PAPI_OK and the value.
  int count(const std::string& event, long long& value) {
    if (status_ != PAPI_OK) return status_;
    if (const int added = PAPI_add_named_event(set_, event.c_str()); added != PAPI_OK) return added;
    if (const int started = PAPI_start(set_); started != PAPI_OK) return started;
    known_loop();
    const int stopped = PAPI_stop(set_, &value);
    stuck_ = stopped != PAPI_OK;
    return stopped;
  }

 private:
  int set_ = PAPI_NULL;
  int status_ = PAPI_OK;
  bool stuck_ = false;
};

std::string message(int code) {
  const char* text = PAPI_strerror(code);
  return text == nullptr ? "PAPI error " + std::to_string(code) : text;
}

bool listed(const std::string& event) {
  int code = 0;
  std::string name = event;  // PAPI wants a mutable text
  return PAPI_event_name_to_code(name.data(), &code) == PAPI_OK && PAPI_query_event(code) == PAPI_OK;
}

/// One candidate name in one domain. True when it counted plausibly.
bool try_event(const Wanted& wanted, const std::string& event, int domain, Counter& counter) {
  counter.via = event;
  counter.listed_by_papi = counter.listed_by_papi || listed(event);
  PAPI_set_domain(domain);
  long long value = 0;
  EventSet set;
  if (const int code = set.count(event, value); code != PAPI_OK) {
    counter.reason = event + ": " + message(code);
    return false;
  }
  counter.value = static_cast<double>(value) * wanted.scale;
  counter.truly_counts = static_cast<double>(value) >= wanted.least;
  counter.reason = counter.truly_counts ? ""
                                        : event + ": counted " + std::to_string(value) + " where at least " +
                                              show_number(wanted.least) + " was due";
  return counter.truly_counts;
}

/// Context switches happen inside the kernel, so software events are tried with the kernel's part first;
/// where that is forbidden, user time only.
Counter survey_one(const Wanted& wanted) {
  Counter counter{.name = wanted.name, .kind = wanted.kind, .via = {}, .reason = {}};
  for (const std::string& event : wanted.candidates) {
    if (wanted.kind == CounterKind::software && try_event(wanted, event, PAPI_DOM_ALL, counter))
      return counter;
    if (try_event(wanted, event, PAPI_DOM_USER, counter)) return counter;
  }
  return counter;
}

std::string version() {
  const int v = PAPI_get_opt(PAPI_LIB_VERSION, nullptr);
  return "PAPI " + std::to_string(PAPI_VERSION_MAJOR(v)) + "." + std::to_string(PAPI_VERSION_MINOR(v)) + "." +
         std::to_string(PAPI_VERSION_REVISION(v));
}

/// Software events that perf_event_open does not give come from getrusage.
void fall_back(std::vector<Counter>& counters) {
  if (std::ranges::all_of(counters,
                          [](const Counter& c) { return c.truly_counts || c.kind == CounterKind::hardware; }))
    return;
  for (const Counter& spare : rusage_counters())
    for (Counter& c : counters)
      if (c.name == spare.name && !c.truly_counts) {
        const bool was_listed = c.listed_by_papi;
        c = spare;
        c.listed_by_papi = was_listed;
      }
}

}  // namespace

CounterSurvey survey_here() {
  CounterSurvey survey;
  const int started = PAPI_library_init(PAPI_VER_CURRENT);
  const bool works = started == PAPI_VER_CURRENT;
  survey.library = works ? version() : "PAPI did not start: " + message(started);
  for (const Wanted& wanted : wanted_counters()) {
    Counter none{.name = wanted.name, .kind = wanted.kind, .via = {}, .reason = survey.library};
    survey.counters.push_back(works ? survey_one(wanted) : std::move(none));
  }
  fall_back(survey.counters);
  if (works) PAPI_shutdown();
  return survey;
}

}  // namespace ridgepoint
