# SPDX-License-Identifier: Apache-2.0
# Debian 12 packages, in one place. Sourced by scripts/quickstart and scripts/test.

# Needed to build and run.
BUILD_PACKAGES="g++ cmake ninja-build pkg-config git ca-certificates
  libhwloc-dev libpapi-dev liburing-dev libdnnl-dev ocl-icd-opencl-dev nlohmann-json3-dev libbenchmark-dev
  libboost-program-options-dev libexpected-dev libhwy-dev libeigen3-dev zlib1g-dev coinor-libcbc-dev libonnx-dev libprotobuf-dev
  libgdcm-dev libsqlite3-dev libboost-dev"

# Needed on top by the checks.
TEST_PACKAGES="libgtest-dev libgmock-dev libvalijson-dev python3 python3-jsonschema python3-onnx clang-format clang-tidy
  chromium fonts-dejavu-core man-db pocl-opencl-icd valgrind libc6-dbg glpk-utils poppler-utils
  python3-nibabel python3-pydicom libgdcm-tools plastimatch"

# ensure_packages LIST: installs what is missing, saying so; does nothing when all is there.
ensure_packages() {
  missing=""
  for package in $1; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
  done
  [ -z "$missing" ] && return 0
  sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
      echo "these Debian packages are missing and neither root nor sudo is at hand:$missing" >&2
      return 3
    }
    sudo="sudo"
  fi
  echo "installing Debian packages:$missing" >&2
  $sudo apt-get update -qq &&
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
