-- Says hi to /queue/test over a bare socket: lua5.1 say_hi.lua HOST PORT
-- One of the two programs that stomptui grew from; it stands for every client that is not ours.

local socket = require("socket")

local host, port = arg[1] or "127.0.0.1", tonumber(arg[2] or "61613")

local function frame(command, headers, body)
  return command .. "\n" .. table.concat(headers, "\n") .. "\n\n" .. (body or "") .. "\0"
end

local function read_frame(connection)
  local bytes = {}
  while true do
    local byte, problem = connection:receive(1)
    if not byte then error("the broker closed the connection: " .. problem) end
    if byte == "\0" then return (table.concat(bytes):gsub("^[\r\n]+", "")) end
    bytes[#bytes + 1] = byte
  end
end

local connection = assert(socket.connect(host, port))
connection:settimeout(10)
connection:send(frame("CONNECT", { "accept-version:1.2", "login:guest", "passcode:guest", "host:/" }))
local connected = read_frame(connection)
assert(connected:find("^CONNECTED\n"), connected)

connection:send(frame("SEND", { "destination:/queue/test", "app-id:APP" }, "say hi!"))
connection:send(frame("DISCONNECT", { "receipt:bye" }))
local bye = read_frame(connection)
assert(bye:find("receipt%-id:bye"), bye)
connection:close()
print("said hi")
