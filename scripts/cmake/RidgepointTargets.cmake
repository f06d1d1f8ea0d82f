# Helpers that keep CMakeLists.txt a table of contents.

add_library(ridgepoint_warnings INTERFACE)
target_compile_options(ridgepoint_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  -Wold-style-cast -Wdouble-promotion -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<BOOL:${RIDGEPOINT_WERROR}>:-Werror>
  # GCC 12 at -O3 sees overlaps and overflows inside its own std::string that are not there (GCC PR105329, PR105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release>>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread>)

add_library(ridgepoint_sanitize INTERFACE)
if(RIDGEPOINT_SANITIZE)
  target_compile_options(ridgepoint_sanitize INTERFACE -fsanitize=${RIDGEPOINT_SANITIZE}
    -fno-omit-frame-pointer -fno-sanitize-recover=all
    -Wno-maybe-uninitialized)  # false of GCC 12's own std::function here; its manual says to expect that
  target_link_options(ridgepoint_sanitize INTERFACE -fsanitize=${RIDGEPOINT_SANITIZE})
endif()

# Warnings and sanitizers are PRIVATE, so consumers and system headers are never hit.
function(ridgepoint_settings target)
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE ridgepoint_warnings ridgepoint_sanitize)
endfunction()

# ridgepoint_library(core model/core): every .cpp below the folder (an inner area's folder excepted).
# The files of ridgepoint_optional_source and ridgepoint_cuda are added there.
function(ridgepoint_library area folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  foreach(twin IN LISTS sources)  # a source with a twin x.no<package>.cpp is optional
    if(twin MATCHES "\\.no[a-z0-9]+\\.cpp$")
      string(REGEX REPLACE "\\.no[a-z0-9]+\\.cpp$" ".cpp" optional ${twin})
      list(REMOVE_ITEM sources ${twin} ${optional})
    endif()
  endforeach()
  list(FILTER sources EXCLUDE REGEX "/(onnx_nodes|onednn_plan[a-z_]*)\\.cpp$|/probes/cuda/")
  if(area STREQUAL "model")
    list(FILTER sources EXCLUDE REGEX "/model/(core|networks)/")
  endif()
  add_library(ridgepoint_${area} STATIC ${sources})
  ridgepoint_settings(ridgepoint_${area})
  target_precompile_headers(ridgepoint_${area} PRIVATE <nlohmann/json.hpp> <tl/expected.hpp>)  # half the build time
  if(NOT area STREQUAL "core")
    target_link_libraries(ridgepoint_${area} PUBLIC ridgepoint_core)
  endif()
endfunction()

# An optional package is another source file, not an #ifdef: x.cpp with it, its twin x.no<package>.cpp without.
function(ridgepoint_optional_source target option stem package)
  if(${option})
    target_sources(${target} PRIVATE ${CMAKE_SOURCE_DIR}/${stem}.cpp)
    target_link_libraries(${target} PRIVATE ${package})
  else()
    file(GLOB twin ${CMAKE_SOURCE_DIR}/${stem}.no*.cpp)
    target_sources(${target} PRIVATE ${twin})
  endif()
endfunction()

# ridgepoint_registry(target folder kind Type header accessor)
# Globs <folder>/**/<id>.<kind>.cpp and generates `const std::vector<const Type*>& accessor()` over the constants
# <id>_<kind>. A new file appears after a plain rebuild; a misnamed constant is a link error that names it.
function(ridgepoint_registry target folder kind type header accessor)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.${kind}.cpp)
  list(SORT files)
  set(externs "")
  set(entries "")
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME)
    string(REGEX REPLACE "\\.${kind}\\.cpp$" "" id ${name})
    string(APPEND externs "extern const ${type} ${id}_${kind};\n")
    string(APPEND entries "      &${id}_${kind},\n")
  endforeach()
  set(out ${CMAKE_BINARY_DIR}/generated/${accessor}.table.cpp)
  file(CONFIGURE OUTPUT ${out} CONTENT
"// Generated from the file names ${folder}/**/*.${kind}.cpp.
#include \"${header}\"

#include <algorithm>
#include <vector>

namespace ridgepoint {
${externs}
const std::vector<const ${type}*>& ${accessor}();
const std::vector<const ${type}*>& ${accessor}() {
  static const std::vector<const ${type}*> table = {
${entries}  };
  return table;
}
}  // namespace ridgepoint
" @ONLY)
  target_sources(${target} PRIVATE ${out})
endfunction()

# build_info.cpp: version, commit, compiler, flags and package versions, for every document.
function(ridgepoint_build_info target)
  execute_process(COMMAND git rev-parse --short=12 HEAD WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    OUTPUT_VARIABLE RIDGEPOINT_COMMIT OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(NOT RIDGEPOINT_COMMIT)
    set(RIDGEPOINT_COMMIT "unknown")
  endif()
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  string(STRIP "${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}}" RIDGEPOINT_FLAGS)
  configure_file(${CMAKE_SOURCE_DIR}/model/core/build_info.cpp.in ${CMAKE_BINARY_DIR}/generated/build_info.cpp @ONLY)
  target_sources(${target} PRIVATE ${CMAKE_BINARY_DIR}/generated/build_info.cpp)
endfunction()
