# Completion of openai-proxy for bash: eval "$(openai-proxy completion bash)"
_openai_proxy() {
    local IFS=$'\n'
    local word="${COMP_WORDS[COMP_CWORD]}"
    # What the program answers fits the word already; files are offered where it has nothing to say.
    COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" __complete -- "$COMP_POINT" "$COMP_LINE" 2>/dev/null)" -- "$word"))
}
complete -o default -F _openai_proxy openai-proxy
