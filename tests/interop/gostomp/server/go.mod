module stomptui/gostomp

go 1.15

require github.com/go-stomp/stomp/v3 v3.1.0
