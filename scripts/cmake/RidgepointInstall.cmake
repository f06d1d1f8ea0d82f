# cmake --install and the .deb: the program, configs, man pages and completions made from the option table.
set(generated ${CMAKE_BINARY_DIR}/share)
add_custom_command(OUTPUT ${generated}/ridgepoint.1
  COMMAND ${CMAKE_COMMAND} -E make_directory ${generated}
  COMMAND ridgepoint manual --out ${generated}/ridgepoint.1
  COMMAND ridgepoint completion bash --out ${generated}/ridgepoint.bash
  COMMAND ridgepoint completion zsh --out ${generated}/_ridgepoint
  COMMAND ridgepoint completion fish --out ${generated}/ridgepoint.fish
  DEPENDS ridgepoint VERBATIM COMMENT "Man page and completions")
add_custom_target(ridgepoint_share ALL DEPENDS ${generated}/ridgepoint.1)

install(TARGETS ridgepoint)
install(DIRECTORY configs/ DESTINATION ${CMAKE_INSTALL_DATADIR}/ridgepoint/configs)
install(FILES ${generated}/ridgepoint.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${generated}/ridgepoint.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
  RENAME ridgepoint)
install(FILES ${generated}/_ridgepoint DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${generated}/ridgepoint.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ridgepoint)
set(CPACK_PACKAGE_VENDOR "The Ridgepoint authors")
set(CPACK_PACKAGE_CONTACT "The Ridgepoint authors <ridgepoint@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "platform characterisation and recommendation by evidence")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "ocl-icd-libopencl1, pocl-opencl-icd")  # opened at run time by the probe opencl
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_STRIP_FILES ON)
include(CPack)
