// npm install openai@6.49.0
import OpenAI from 'openai';

const proxy = process.env.PROXY_URL ?? 'http://127.0.0.1:8080';

const client = new OpenAI({ baseURL: `${proxy}/v1`, apiKey: 'hackathon/your-name' });

const stream = await client.chat.completions.create({
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Write a poem about indian elephants' }],
  stream: true,
});
for await (const chunk of stream)
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');
