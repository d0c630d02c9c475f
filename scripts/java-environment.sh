# To be sourced. Fills java_options with the words of DIFFUSIONJ_JAVA_OPTIONS by a shell's rules: blanks part words, quotes and backslashes hold them together,
# and nothing else is special. DIFFUSIONJ_JAVA_OPTIONS='"-Ddiffusionj.home=/data/my home" -Xmx2g' are two.
java_options=()
if [ -n "${DIFFUSIONJ_JAVA_OPTIONS:-}" ]; then
    if ! words=$(xargs printf '%s\n' <<<"$DIFFUSIONJ_JAVA_OPTIONS" 2>/dev/null); then
        echo "DIFFUSIONJ_JAVA_OPTIONS has a quote that does not end: $DIFFUSIONJ_JAVA_OPTIONS" >&2
        exit 2
    fi
    while IFS= read -r word; do [ -n "$word" ] && java_options+=("$word"); done <<<"$words"
fi
# In the locale C Java can neither read nor name anything beyond ASCII.
if [ "$(locale charmap 2>/dev/null)" = ANSI_X3.4-1968 ]; then
    for name in C.UTF-8 en_US.UTF-8; do
        if [ "$(LC_ALL=$name locale charmap 2>/dev/null)" = UTF-8 ]; then
            export LC_ALL=$name
            break
        fi
    done
fi
