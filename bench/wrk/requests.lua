-- Sends one request again and again, each time with the next token:
--
--   wrk --threads 1 --connections 64 --duration 10s --script requests.lua URL -- REQUEST TOKENS PROOF
--
-- REQUEST is a file with an HTTP request, whose headers or body contain {token}; TOKENS is a file with one token on each
-- line. The run ends with the first answer that does not contain PROOF.

local requests = {}
local next = 0
local proof

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function init(args)
  local template = read(args[1])
  proof = args[3]
  local head, body = template:match("^(.-)\n\n(.*)$")
  local method, path = head:match("^(%u+) (%S+)")
  for token in read(args[2]):gmatch("%S+") do
    local function with_token(text)
      return (text:gsub("{token}", function() return token end))
    end
    local headers = {}
    for name, value in head:gmatch("\n([^:\n]+): ([^\n]*)") do
      headers[name] = with_token(value)
    end
    requests[#requests + 1] = wrk.format(method, path, headers, with_token(body))
  end
end

function request()
  next = next % #requests + 1
  return requests[next]
end

function response(status, headers, body)
  if status ~= 200 or not body:find(proof, 1, true) then
    print("An answer is wrong: " .. status .. " " .. body:sub(1, 300))
    os.exit(1)
  end
end
