# Completion of openai-proxy for zsh: eval "$(openai-proxy completion zsh)"
_openai_proxy() {
    local -a found
    found=("${(@f)$("${words[1]}" __complete -- "${#LBUFFER}" "$LBUFFER" 2>/dev/null)}")
    found=("${(@)found:#}")
    if (( ${#found} )); then
        compadd -a found
    else
        _files
    fi
}
compdef _openai_proxy openai-proxy
